import type { Topology } from './topology.ts'

/** A monitor that is down, as it is looked at here. Times in ms. */
export interface Fall {
  /** Since when it is down; of one that flaps, since when it does. */
  readonly since: number
  /** How long before that it may have fallen unseen: from one of its looks to the next. */
  readonly unseenMs: number
}

/** Who is cut off, by monitor id, and by which monitors that failed by themselves. */
export type CutOff = ReadonlyMap<number, readonly number[]>

/** Who is down, by monitor id. */
export type Falls = ReadonlyMap<number, Fall>

/**
 * Who is cut off, and by which monitors that failed by themselves: those that are down with all of a group that they are
 * reached through, and fell with it or after it. One that was down before, as far as the looks can tell, failed by
 * itself, and so does one that stays down after what stands above has answered again. Monitors that only name one
 * another stand for themselves.
 */
export const cutOffBy = ({ parentsOf }: Pick<Topology, 'parentsOf'>, falls: Falls): CutOff => {
  /** True where all of them are down, and the last of them may have fallen before `since`. */
  const explains = (group: readonly number[], since: number): boolean =>
    group.every((id) => {
      const fall = falls.get(id)
      return fall !== undefined && since >= fall.since - fall.unseenMs
    })

  const below = new Map<number, number[]>()
  const standing: number[] = []
  for (const [id, { since }] of falls) {
    const above = parentsOf(id).filter((group) => explains(group, since))
    if (above.length === 0) standing.push(id)
    for (const parent of new Set(above.flat())) {
      const children = below.get(parent)
      if (children) children.push(id)
      else below.set(parent, [id])
    }
  }

  // From what stands for itself downwards, so that a circle that nothing else explains is never entered.
  const cutOff = new Map<number, Set<number>>()
  const walk = standing
  for (let at = walk.pop(); at !== undefined; at = walk.pop()) {
    const roots = cutOff.get(at) ?? [at]
    for (const child of below.get(at) ?? NONE) {
      const known = cutOff.get(child)
      const size = known?.size ?? 0
      const all = known ?? new Set<number>()
      for (const root of roots) all.add(root)
      if (!known) cutOff.set(child, all)
      if (all.size > size) walk.push(child)
    }
  }
  return new Map([...cutOff].map(([id, roots]) => [id, [...roots].sort((a, b) => a - b)]))
}

const NONE: readonly never[] = []

const counted = new WeakMap<CutOff, ReadonlyMap<number, number>>()

/** How many a monitor cuts off. All are counted once, whichever of them is asked for. */
export const cutsOff = (id: number, cutOff: CutOff): number => {
  const known = counted.get(cutOff) ?? countRoots(cutOff)
  counted.set(cutOff, known)
  return known.get(id) ?? 0
}

const countRoots = (cutOff: CutOff): ReadonlyMap<number, number> => {
  const counts = new Map<number, number>()
  for (const roots of cutOff.values()) for (const root of roots) counts.set(root, (counts.get(root) ?? 0) + 1)
  return counts
}
