import type { MapNode, NetworkMap, Place } from './types.ts'

/** A point on the paper. */
export interface Spot {
  readonly x: number
  readonly y: number
}

/** A part of the paper. */
export interface View extends Spot {
  readonly w: number
  readonly h: number
}

/** How degrees become the paper, and back: true to scale in the middle of what is shown, and the same at the poles. */
export interface Projection {
  spot(place: Place): Spot
  place(spot: Spot): Place
}

const NARROWEST = 0.05
const clamp = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value))

export const projectionOf = (places: readonly Place[]): Projection => {
  const lats = places.map(({ lat }) => lat)
  const middle = lats.length === 0 ? 0 : (Math.min(...lats) + Math.max(...lats)) / 2
  const narrow = Math.max(NARROWEST, Math.cos((middle * Math.PI) / 180))
  return {
    spot: ({ lat, lon }) => ({ x: lon * narrow, y: -lat }),
    place: ({ x, y }) => ({ lat: clamp(-y, 90), lon: clamp(x / narrow, 180) }),
  }
}

/** What shows all of these, with room around. */
export const viewOf = (spots: readonly Spot[]): View => {
  if (spots.length === 0) return { x: -1, y: -1, w: 2, h: 2 }
  const [xs, ys] = [spots.map(({ x }) => x), spots.map(({ y }) => y)]
  const [left, top] = [xs.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.min(a, b))]
  const [right, bottom] = [xs.reduce((a, b) => Math.max(a, b)), ys.reduce((a, b) => Math.max(a, b))]
  const room = Math.max(right - left, bottom - top, 0.02) * 0.12
  return { x: left - room, y: top - room, w: right - left + 2 * room, h: bottom - top + 2 * room }
}

/** A tree from left to right: each level a column, each leaf a line. */
const treeSpots = ({ nodes, links }: Pick<NetworkMap, 'nodes' | 'links'>): ReadonlyMap<string, Spot> => {
  const children = Map.groupBy(links, ({ from }) => from)
  const hasParent = new Set(links.map(({ to }) => to))
  const spots = new Map<string, Spot>()
  let line = 0
  const walk = (root: string) => {
    const stack: { key: string; depth: number; left: boolean }[] = [{ key: root, depth: 0, left: false }]
    const entered = new Set<string>()
    while (stack.length > 0) {
      const at = stack.at(-1)!
      const below = (children.get(at.key) ?? []).map(({ to }) => to)
      if (!at.left && !entered.has(at.key)) {
        entered.add(at.key)
        at.left = true
        // Of several ways to it, the first is drawn as its place.
        const fresh = below.filter((key) => !spots.has(key) && !entered.has(key))
        if (fresh.length > 0) {
          for (const key of fresh.toReversed()) stack.push({ key, depth: at.depth + 1, left: false })
          continue
        }
      }
      stack.pop()
      if (spots.has(at.key)) continue
      const lines = below.flatMap((key) => spots.get(key)?.y ?? [])
      spots.set(at.key, { x: at.depth, y: lines.length > 0 ? (lines[0]! + lines.at(-1)!) / 2 : line++ })
    }
  }
  for (const { key } of nodes) if (!hasParent.has(key)) walk(key)
  // Those that only name one another stand for themselves.
  for (const { key } of nodes) if (!spots.has(key)) walk(key)
  // Levels stand so far apart that the tree is as wide as a window.
  const levels = Math.max(1, ...[...spots.values()].map(({ x }) => x))
  const apart = Math.max(3, (line * 1.7) / (levels + 1))
  return new Map([...spots].map(([key, { x, y }]) => [key, { x: x * apart, y }]))
}

/** Where each node stands on the paper. */
export const spotsOf = (map: NetworkMap, projection: Projection): ReadonlyMap<string, Spot> =>
  map.tree
    ? treeSpots(map)
    : new Map(
        map.nodes
          .filter((node): node is MapNode & { place: Place } => node.place !== null)
          .map(({ key, place }) => [key, projection.spot(place)]),
      )

/** A node with what it is reached through and what is reached through it. */
export const around = ({ links }: Pick<NetworkMap, 'links'>, focus: string): ReadonlySet<string> => {
  const found = new Set([focus])
  const follow = (from: 'from' | 'to', to: 'from' | 'to') => {
    const walk = [focus]
    for (let at = walk.pop(); at !== undefined; at = walk.pop())
      for (const link of links)
        if (link[from] === at && !found.has(link[to])) {
          found.add(link[to])
          walk.push(link[to])
        }
  }
  follow('from', 'to')
  follow('to', 'from')
  return found
}
