import type { Monitor } from '../api/types.ts'

export interface Dependant {
  readonly monitor: Monitor
  readonly below: readonly Dependant[]
  /** All of them below, at any depth, and how many of them do not answer. */
  readonly size: number
  readonly silent: number
}

const DEEPEST = 8

/** How many different ones there are in a tree, and how many of them do not answer, whyever. */
export const countsOf = (dependants: readonly Dependant[]): Pick<Dependant, 'size' | 'silent'> => {
  const all = new Map<number, Monitor>()
  const walk = [...dependants]
  for (let at = walk.pop(); at !== undefined; at = walk.pop()) {
    all.set(at.monitor.id, at.monitor)
    walk.push(...at.below)
  }
  return { size: all.size, silent: [...all.values()].filter(({ state, paused }) => state === 'down' && !paused).length }
}

/** Who is reached through a monitor, as a tree. A monitor that stands there already is not shown again below itself. */
export const dependantsOf = (name: string, monitors: readonly Monitor[]): readonly Dependant[] => {
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
            return { monitor, below: further, ...countsOf(further) }
          })
  return below(name, [name])
}
