import type { Monitor } from '../api/types.ts'

/** Which monitors are cut off: down, or nobody knows, with all of a group that they are reached through down. */
export const cutOffAmong = (monitors: readonly Monitor[]): ((monitor: Monitor) => boolean) => {
  const down = new Set(monitors.filter(({ state, paused }) => state === 'down' && !paused).map(({ name }) => name))
  return ({ state, paused, parents }) =>
    !paused &&
    (state === 'down' || state === 'unknown') &&
    parents.some((group) => group.length > 0 && group.every((one) => down.has(one)))
}

export interface Outage {
  readonly monitor: Monitor
  /** How many are cut off by it. */
  readonly behind: number
}

/**
 * What failed by itself, each with the number of those that it took with it, in the order in which they were given but
 * the larger outages first. Monitors that only name one another as parents stand for themselves.
 */
export const outagesOf = (wrong: readonly Monitor[]): readonly Outage[] => {
  const cutOff = cutOffAmong(wrong)
  const byName = new Map(wrong.map((monitor) => [monitor.name, monitor]))
  const behind = new Map<string, number>()
  const known = new Map<string, ReadonlySet<string>>()

  const rootsAbove = (monitor: Monitor, trail: readonly string[]): ReadonlySet<string> => {
    if (!cutOff(monitor)) return new Set([monitor.name])
    const before = known.get(monitor.name)
    if (before || trail.includes(monitor.name)) return before ?? new Set()
    const above = monitor.parents.flat().flatMap((name) => byName.get(name) ?? [])
    const roots = new Set(above.flatMap((parent) => [...rootsAbove(parent, [...trail, monitor.name])]))
    known.set(monitor.name, roots)
    return roots
  }

  const standing: Monitor[] = []
  for (const monitor of wrong) {
    const roots = rootsAbove(monitor, [])
    if (!cutOff(monitor) || roots.size === 0) standing.push(monitor)
    else for (const root of roots) behind.set(root, (behind.get(root) ?? 0) + 1)
  }
  return standing
    .map((monitor) => ({ monitor, behind: behind.get(monitor.name) ?? 0 }))
    .sort((a, b) => b.behind - a.behind)
}
