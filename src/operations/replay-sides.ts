import { isDeepStrictEqual } from 'node:util'
import { type MonitorStep, masked, sameTarget } from '#config/plan/monitor-steps.ts'
import type { Present } from '#config/plan/present.ts'
import type { RuleStep } from '#config/plan/rule-steps.ts'
import type { Steps } from '#config/plan/steps.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { ProbeType } from '#core/probe.ts'
import type { WrittenRule } from '#core/rule/rule-spec.ts'
import type { ReplaySide } from '#pipeline/replay/replay-order.ts'

/** What a replay cannot show of a plan, by names. */
export interface NotReplayed {
  /** There are no results of it yet. */
  readonly created: readonly string[]
  /** It looks at something else: its results say nothing of that. */
  readonly retargeted: readonly string[]
  /** It is looked at no more. */
  readonly gone: readonly string[]
  /** Bounds over a window of packets, which single results do not hold. */
  readonly windows: readonly string[]
}

export interface ReplaySides {
  readonly before: ReplaySide
  readonly after: ReplaySide
  readonly left: NotReplayed
}

const plain = (monitor: Monitor): Monitor => ({ ...monitor, options: {} })

/** As a monitor would be; undefined where it would be looked at no more. */
const wouldBe = ({ did, spec, before }: MonitorStep): Monitor | undefined => {
  if (!before || did === 'removed') return undefined
  if (!spec || did === 'kept' || did === 'surplus') return before
  return { ...spec, id: before.id, paused: spec.paused || before.paused }
}

const monitorSides = (steps: readonly MonitorStep[], present: Present, probeTypes: ReadonlyMap<string, ProbeType>) => {
  const named = new Map(steps.flatMap((step) => (step.before ? [[step.before.id, step] as const] : [])))
  const before: Monitor[] = []
  const after: Monitor[] = []
  const left = { retargeted: [] as string[], gone: [] as string[], windows: [] as string[] }
  for (const monitor of present.monitors) {
    if (monitor.paused) continue
    const step = named.get(monitor.id)
    const next = step ? wouldBe(step) : monitor
    if (next && !sameTarget(masked(monitor, probeTypes), masked(next, probeTypes))) {
      left.retargeted.push(next.name)
      continue
    }
    before.push(plain(monitor))
    if (!next || next.paused) left.gone.push(monitor.name)
    else after.push(plain(next))
    if (next && !isDeepStrictEqual(monitor.degraded?.window, next.degraded?.window)) left.windows.push(next.name)
  }
  const created = steps.flatMap(({ did, name }) => (did === 'created' ? [name] : []))
  return { before, after, left: { ...left, created } }
}

const channelSides = ({ channels: steps }: Steps, { channels }: Present) => {
  const named = new Map(steps.flatMap((step) => (step.before ? [[step.before.id, step] as const] : [])))
  const before = channels.filter(({ enabled }) => enabled).map(({ id, name }) => ({ id, name }))
  const kept = channels.flatMap(({ id, name, enabled }) => {
    const step = named.get(id)
    const next = step?.spec && step.did === 'changed' ? step.spec : { name, enabled }
    return step?.did !== 'removed' && next.enabled ? [{ id, name: next.name }] : []
  })
  // They have no ids yet.
  const created = steps.filter(({ did, spec }) => did === 'created' && spec?.enabled)
  return { before, after: [...kept, ...created.map(({ name }, index) => ({ id: -1 - index, name }))] }
}

const UNSTORED = { triggers: 0, lastTriggeredAt: null, createdAt: 0, createdBy: null, updatedAt: 0, updatedBy: null }

const rulesAfter = (
  steps: readonly RuleStep[],
  rules: readonly WrittenRule[],
  { channels }: ReplaySide,
): WrittenRule[] => {
  const named = new Map(steps.map((step) => [step.name, step]))
  const idsOf = (names: readonly string[]) => channels.filter(({ name }) => names.includes(name)).map(({ id }) => id)
  const changed = (step: RuleStep, id: number): WrittenRule => {
    const { channels: told, origin: _, ...spec } = step.spec!
    return { ...UNSTORED, ...(step.before ?? {}), ...spec, channelIds: idsOf(told), id }
  }
  const kept = rules.flatMap((rule) => {
    const step = named.get(rule.name)
    if (step?.did === 'removed') return []
    return step?.did === 'changed' ? [changed(step, rule.id)] : [rule]
  })
  const created = steps.filter(({ did }) => did === 'created')
  return [...kept, ...created.map((step, index) => changed(step, -1 - index))]
}

/** The two configurations that a plan lies between, as far as they can be compared over what is stored. Pure. */
export const replaySides = (
  steps: Steps,
  present: Present,
  probeTypes: ReadonlyMap<string, ProbeType>,
): ReplaySides => {
  const monitors = monitorSides(steps.monitors, present, probeTypes)
  const channels = channelSides(steps, present)
  const before: ReplaySide = { monitors: monitors.before, channels: channels.before, rules: present.rules }
  const after: ReplaySide = { monitors: monitors.after, channels: channels.after, rules: [] }
  return { before, after: { ...after, rules: rulesAfter(steps.rules, present.rules, after) }, left: monitors.left }
}
