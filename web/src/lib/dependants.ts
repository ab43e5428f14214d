import type { Monitor } from '../api/types.ts'
import { cutOffAmong } from './outages.ts'

export interface Dependant {
  readonly monitor: Monitor
  /** True when it does not answer and all of a group that it is reached through is down. */
  readonly cutOff: boolean
  readonly below: readonly Dependant[]
  /** All of them below, at any depth, and how many of them are not up. */
  readonly size: number
  readonly wrong: number
}

const DEEPEST = 8

/** How many there are in a tree, and how many of them are not well. */
export const countsOf = (dependants: readonly Dependant[]): { readonly size: number; readonly wrong: number } => ({
  size: dependants.reduce((sum, { size }) => sum + size + 1, 0),
  wrong: dependants.reduce(
    (sum, { wrong, monitor: { state } }) => sum + wrong + (state === 'down' || state === 'degraded' ? 1 : 0),
    0,
  ),
})

/** Who is reached through a monitor, as a tree. A monitor that stands there already is not shown again below itself. */
export const dependantsOf = (name: string, monitors: readonly Monitor[]): readonly Dependant[] => {
  const cutOff = cutOffAmong(monitors)
  const children = new Map<string, Monitor[]>()
  for (const monitor of monitors)
    for (const parent of new Set(monitor.parents.flat()))
      children.set(parent, [...(children.get(parent) ?? []), monitor])
  const below = (parent: string, trail: readonly string[]): readonly Dependant[] =>
    trail.length > DEEPEST
      ? []
      : (children.get(parent) ?? [])
          .filter((monitor) => !trail.includes(monitor.name))
          .map((monitor) => {
            const further = below(monitor.name, [...trail, monitor.name])
            return { monitor, cutOff: cutOff(monitor), below: further, ...countsOf(further) }
          })
  return below(name, [name])
}
