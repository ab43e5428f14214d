import { because } from '#core/cause/cause.ts'
import { parseDuration } from '#lib/time/duration.ts'
import type { BuildDeps } from './build-deps.ts'
import type { ExpandedEntry } from './expand.ts'
import type { FileContent } from './schema.ts'

/** What tells whether our own connection works. */
export interface Witnesses {
  /** Names of the monitors that look at them. */
  readonly monitors: readonly string[]
  /** So many must fail for us to be blind. */
  readonly blindIf: number
  /** How long after sight returned failures are not trusted yet, ms. */
  readonly holdMs: number
}

const HOLD_MS = 30_000

/**
 * Each witness is a monitor of its own, looked at often and believed at once: one that fails alone tells nobody, but its
 * history can be seen.
 */
export const buildWitnesses = (
  { witnesses }: FileContent,
  { source, problems, parseTarget }: BuildDeps,
): { readonly witnesses?: Witnesses; readonly entries: readonly ExpandedEntry[] } => {
  if (!witnesses) return { entries: [] }
  const { targets, blind_if: blindIf = 'all', hold } = witnesses
  const count = blindIf === 'all' ? targets.length : blindIf
  if (count > targets.length)
    problems.push(
      source.problem(
        ['witnesses', 'blind_if'],
        because('config_witnesses_never_fail', { count, witnesses: targets.length }),
      ),
    )
  const entries = targets.flatMap((target, index): ExpandedEntry[] => {
    const path = ['witnesses', 'targets', index]
    const parsed = parseTarget(target)
    if (!parsed.ok)
      problems.push(source.problem(path, because('in_field', { field: 'witnesses', why: parsed.problem })))
    const entry = {
      name: `witness ${target}`,
      target,
      interval: '5s',
      timeout: '1s',
      failures: 1,
      successes: 1,
      retry_interval: '1s',
      recovery_interval: '1s',
      reminder: 0 as const,
      notify_recovery: false,
      channels: [],
      labels: { role: 'witness' },
      description: 'Tells whether our own connection works',
    }
    return parsed.ok ? [{ entry, path, source }] : []
  })
  return {
    entries,
    witnesses: {
      monitors: entries.map(({ entry }) => entry.name),
      blindIf: count,
      holdMs: hold === undefined ? HOLD_MS : parseDuration(hold)!,
    },
  }
}
