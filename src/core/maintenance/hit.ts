import { labelSum } from '../monitor/label-sum.ts'
import type { Monitor } from '../monitor/monitor.ts'
import type { Topology } from '../monitor/topology.ts'
import { type Matcher, monitorFacts } from '../rule/matcher.ts'
import { createCover } from './cover.ts'

/** Whom a window covers. */
export interface Hit {
  /** Those that it matches. */
  readonly matched: readonly Monitor[]
  /** Those that it covers because of what they are reached through. */
  readonly behind: readonly Monitor[]
  /** Sum of the label `subscribers`, of each way once: at the topmost that has one. */
  readonly subscribers: number
}

/** The monitors that a window covers, as they are configured now. Pure. */
export const hitBy = (
  window: { readonly matchers: readonly Matcher[]; readonly behind: boolean },
  monitors: readonly Monitor[],
  topology: Pick<Topology, 'parentsOf' | 'affectedBy' | 'hasChildren'>,
): Hit => {
  const { parentsOf } = topology
  const byId = new Map(monitors.map((monitor) => [monitor.id, monitor]))
  const facts = (id: number) => {
    const monitor = byId.get(id)
    return monitor && monitorFacts(monitor)
  }
  const always = { ...window, startsAt: 0, endsAt: 1 }
  const whole = createCover([always], { parentsOf, facts })
  const alone = createCover([{ ...always, behind: false }], { parentsOf: () => [], facts })
  const matched = monitors.filter(({ id }) => alone.at(id, 0) !== undefined)
  const chosen = new Set(matched.map(({ id }) => id))
  const behind = monitors.filter(({ id }) => !chosen.has(id) && whole.at(id, 0) !== undefined)
  const ids = [...matched, ...behind].map(({ id }) => id)
  const subscribers = labelSum(ids, (id) => Number(byId.get(id)!.labels.subscribers), topology) ?? 0
  return { matched, behind, subscribers }
}
