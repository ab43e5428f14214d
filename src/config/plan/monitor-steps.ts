import type { Monitor, MonitorSpec } from '#core/monitor/monitor.ts'
import type { ProbeType } from '#core/probe.ts'
import { maskSecrets } from '#storage/secret-fields.ts'
import { entryOf } from '../monitor-entry.ts'
import type { Wanted } from '../wanted.ts'
import type { Present } from './present.ts'
import { sameWords } from './same-words.ts'
import { type Did, didByHand, leftOver, type Step, type Taking } from './step.ts'

/** `moved`: it says the same, and stands elsewhere in the file. */
export type MonitorStep = Step<MonitorSpec, Monitor> & { readonly moved?: boolean }

type ProbeTypes = ReadonlyMap<string, ProbeType>

/** What makes a monitor another one: what was known of it no longer holds. */
export const sameTarget = (a: MonitorSpec, b: MonitorSpec): boolean =>
  a.type === b.type && JSON.stringify(a.options) === JSON.stringify(b.options)

/** As the store holds what a file names: its secrets stay in the file. */
export const masked = <Spec extends MonitorSpec>(spec: Spec, probeTypes: ProbeTypes): Spec => {
  const type = probeTypes.get(spec.type)
  return type ? { ...spec, options: maskSecrets(type.options, spec.options) } : spec
}

/** What of a stored monitor a file may say: a pause by hand holds over it. */
const ofFile = ({ pause, ...monitor }: Monitor, { paused }: MonitorSpec): Monitor =>
  pause ? { ...monitor, paused } : monitor

/** True when the store holds just this: a start with an unchanged file of thousands of monitors writes nothing. */
const isSame = ({ id: _, ...stored }: Monitor, spec: MonitorSpec): boolean =>
  JSON.stringify(stored) === JSON.stringify(spec)

/** The same but for where in the file it stands. */
const saysSame = (stored: Monitor, spec: MonitorSpec): boolean =>
  stored.origin !== undefined && spec.origin !== undefined && isSame({ ...stored, origin: '' }, { ...spec, origin: '' })

const reloadStep = (
  before: Monitor,
  named: MonitorSpec,
  known: MonitorSpec['options'] | undefined,
  probeTypes: ProbeTypes,
): { readonly did: Did; readonly moved?: boolean } => {
  const spec = masked(named, probeTypes)
  const stored = ofFile(before, spec)
  // The store does not hold its secrets: whether they are others is known where the file is in force.
  const did = known === undefined || sameWords(known, named.options) ? 'same' : 'changed'
  if (isSame(stored, spec)) return { did }
  return saysSame(stored, spec) ? { did, moved: true } : { did: 'changed' }
}

/** Whether one that was made by hand is what is wanted. One that is not wanted as paused may be paused all the same. */
const isWanted = (before: Monitor, spec: MonitorSpec, probeTypes: ProbeTypes): boolean => {
  const one = spec.paused ? before : { ...before, paused: false }
  const [there, here] = before.origin === undefined ? [one, spec] : [one, masked(spec, probeTypes)]
  return before.locked === undefined && sameWords(entryOf(there), entryOf(here))
}

export const monitorSteps = (
  wanted: Wanted['monitors'],
  { monitors, running }: Pick<Present, 'monitors' | 'running'>,
  taking: Taking,
  probeTypes: ProbeTypes,
): MonitorStep[] => {
  const byName = new Map(monitors.map((monitor) => [monitor.name, monitor]))
  const known = new Map((running?.monitors ?? []).map(({ name, options }) => [name, options]))
  const taken = new Set<number>()
  const steps = wanted.map(({ was, ...spec }): MonitorStep => {
    const { name } = spec
    const before = byName.get(name) ?? (was === undefined ? undefined : byName.get(was))
    if (!before) return { did: 'created', name, spec }
    taken.add(before.id)
    if (taking.as === 'reload')
      return { ...reloadStep(before, spec, known.get(before.name), probeTypes), name, spec, before }
    return { did: didByHand(before, () => isWanted(before, spec, probeTypes)), name, spec, before }
  })
  return [
    ...steps,
    ...leftOver(
      monitors.filter(({ id }) => !taken.has(id)),
      taking,
    ),
  ]
}
