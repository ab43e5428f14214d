/** What a monitor is reached through, as its configuration says. */
export interface Placed {
  readonly id: number
  readonly name: string
  readonly parents?: readonly (readonly string[])[]
}

/** Whether a monitor counts as down. */
type IsDown = (id: number) => boolean

/** The network as parents and children: who is cut off when something fails. */
export interface Topology {
  /** Groups of parents; it is cut off when all of any group is down. */
  parentsOf(id: number): readonly (readonly number[])[]
  hasChildren(id: number): boolean
  /** True when everything that a monitor is reached through is down, so that nothing can be said of itself. */
  isCutOff(id: number, isDown: IsDown): boolean
  /** The parents that cut it off and are not cut off themselves: where the fault is. */
  causesOf(id: number, isDown: IsDown): readonly number[]
  /** Everything that cannot be reached while `id` is down, whether it was seen down already or not. */
  affectedBy(id: number, isDown: IsDown): readonly number[]
}

const NONE: readonly never[] = []

/** A monitor's parents that are no longer there do not cut it off. */
export const createTopology = (monitors: readonly Placed[]): Topology => {
  const idByName = new Map(monitors.map(({ id, name }) => [name, id]))
  const parents = new Map<number, readonly (readonly number[])[]>()
  const children = new Map<number, number[]>()
  for (const { id, parents: groups = [] } of monitors) {
    const known = groups
      .map((group) => group.map((name) => idByName.get(name)).filter((one) => one !== undefined))
      .filter((group) => group.length > 0)
    if (known.length === 0) continue
    parents.set(id, known)
    for (const parent of new Set(known.flat())) {
      // In place: behind one router there may be a hundred thousand.
      const below = children.get(parent)
      if (below) below.push(id)
      else children.set(parent, [id])
    }
  }
  const parentsOf = (id: number) => parents.get(id) ?? NONE
  const isCutOff = (id: number, isDown: IsDown) => parentsOf(id).some((group) => group.every(isDown))

  const causesOf = (id: number, isDown: IsDown): readonly number[] => {
    const found = new Set<number>()
    const seen = new Set<number>()
    const walk = [id]
    for (let at = walk.pop(); at !== undefined; at = walk.pop()) {
      const above = parentsOf(at)
        .filter((group) => group.every(isDown))
        .flat()
      if (above.length === 0 && at !== id) found.add(at)
      for (const parent of above)
        if (!seen.has(parent)) {
          seen.add(parent)
          walk.push(parent)
        }
    }
    return [...found]
  }

  const affectedBy = (id: number, isDown: IsDown): readonly number[] => {
    const gone = new Set([id])
    const isGone = (one: number) => gone.has(one) || isDown(one)
    const walk = [id]
    for (let at = walk.pop(); at !== undefined; at = walk.pop())
      for (const child of children.get(at) ?? NONE)
        if (!gone.has(child) && parentsOf(child).some((group) => group.every(isGone))) {
          gone.add(child)
          walk.push(child)
        }
    gone.delete(id)
    return [...gone]
  }

  return { parentsOf, hasChildren: (id) => children.has(id), isCutOff, causesOf, affectedBy }
}
