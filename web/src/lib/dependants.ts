import type { Monitor } from '../api/types.ts'

export interface Dependant {
  readonly monitor: Monitor
  /** True when all of a group that it is reached through is down. */
  readonly cutOff: boolean
  readonly below: readonly Dependant[]
}

const DEEPEST = 8

/** Who is reached through a monitor, as a tree. A monitor that stands there already is not shown again below itself. */
export const dependantsOf = (name: string, monitors: readonly Monitor[]): readonly Dependant[] => {
  const down = new Set(monitors.filter(({ state }) => state === 'down').map((monitor) => monitor.name))
  const children = new Map<string, Monitor[]>()
  for (const monitor of monitors)
    for (const parent of new Set(monitor.parents.flat()))
      children.set(parent, [...(children.get(parent) ?? []), monitor])
  const cutOff = ({ parents }: Monitor) =>
    parents.some((group) => group.length > 0 && group.every((one) => down.has(one)))
  const below = (parent: string, trail: readonly string[]): readonly Dependant[] =>
    trail.length > DEEPEST
      ? []
      : (children.get(parent) ?? [])
          .filter((monitor) => !trail.includes(monitor.name))
          .map((monitor) => ({
            monitor,
            cutOff: cutOff(monitor),
            below: below(monitor.name, [...trail, monitor.name]),
          }))
  return below(name, [name])
}
