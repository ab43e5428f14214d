import type { CutOff } from '../monitor/cut-off.ts'
import type { Monitor, State } from '../monitor/monitor.ts'
import type { Topology } from '../monitor/topology.ts'
import type { NamedPlace, Place } from './place.ts'

/** A monitor as the map shows it. */
export interface MapMonitor {
  readonly monitor: Pick<Monitor, 'id' | 'name' | 'labels' | 'paused' | 'lat' | 'lon' | 'origin'>
  readonly state: State
  /** Of the last look, 0 to 1; NaN where it has none. */
  readonly loss: number
}

/** Down beneath something that is down is a state of its own here. */
type Shown = State | 'cut_off'

interface MapNode {
  /** What a link names it by: `m7`, or `s` and the site. */
  readonly key: string
  readonly name: string
  /** Null for a site. */
  readonly monitor: number | null
  readonly place: Place | null
  /** A file says where it is. */
  readonly fixed: boolean
  readonly state: Shown
  /** How many monitors it stands for, by how they stand. */
  readonly counts: Readonly<Record<Shown, number>>
}

interface MapLink {
  readonly from: string
  readonly to: string
  readonly state: Shown
  /** The most that is lost over it, 0 to 1; null where nobody measures it. */
  readonly loss: number | null
}

export interface NetworkMap {
  readonly nodes: readonly MapNode[]
  readonly links: readonly MapLink[]
  /** Nothing has a place: it is drawn as a tree. */
  readonly tree: boolean
  /** Keys of nodes by the ids of the monitors that they stand for. */
  readonly keyOf: ReadonlyMap<number, string>
}

/** The worst first. What is cut off says nothing of itself. */
const WORST: readonly Shown[] = ['down', 'degraded', 'cut_off', 'unknown', 'up']
const worse = (a: Shown, b: Shown): Shown => (WORST.indexOf(a) <= WORST.indexOf(b) ? a : b)

/** Of more than so many a tree shows only those that others are reached through. */
const MOST_LEAVES = 200

const nothing = (): Record<Shown, number> => ({ down: 0, degraded: 0, cut_off: 0, unknown: 0, up: 0 })

interface Draft {
  readonly name: string
  readonly monitor: number | null
  readonly place: Place | null
  readonly fixed: boolean
  state: Shown
  readonly counts: Record<Shown, number>
}

/** One that the map shows, with the node that it is part of. */
interface Standing {
  readonly one: MapMonitor
  readonly key: string
  readonly name: string
  /** Of the monitor that the node is; null for a site. */
  readonly id: number | null
  readonly place: Place | null
  readonly fixed: boolean
}

const ownPlace = ({ lat, lon }: MapMonitor['monitor']): Place | undefined =>
  lat === undefined || lon === undefined ? undefined : { lat, lon }

/** Who stands where: each monitor with the key of its node. */
const placed = (monitors: readonly MapMonitor[], places: readonly NamedPlace[], label: string) => {
  const known = new Map(places.map((place) => [place.name, place]))
  return monitors.flatMap((one): Standing[] => {
    const { monitor } = one
    const own = ownPlace(monitor)
    const at = own ?? known.get(monitor.name)
    const shared = { one, fixed: own !== undefined && monitor.origin !== undefined }
    if (at)
      return [
        { ...shared, key: `m${monitor.id}`, name: monitor.name, id: monitor.id, place: { lat: at.lat, lon: at.lon } },
      ]
    const site = Object.hasOwn(monitor.labels, label) ? monitor.labels[label]! : ''
    const place = site === '' ? undefined : known.get(site)
    return place
      ? [{ ...shared, key: `s${site}`, name: site, id: null, place: { lat: place.lat, lon: place.lon } }]
      : []
  })
}

const asTree = (monitors: readonly MapMonitor[], { parentsOf, hasChildren }: Topology) => {
  const small = monitors.length <= MOST_LEAVES
  const names = new Map(monitors.map(({ monitor }) => [monitor.id, monitor.name]))
  return monitors.flatMap((one): Standing[] => {
    const { id, name } = one.monitor
    const shared = { one, fixed: false, place: null }
    if (small || hasChildren(id)) return [{ ...shared, key: `m${id}`, name, id }]
    // A leaf counts with what it is reached through.
    const parent = parentsOf(id)
      .flat()
      .find((above) => names.has(above))
    return parent === undefined ? [] : [{ ...shared, key: `m${parent}`, name: names.get(parent)!, id: parent }]
  })
}

/** The map of these monitors: what stands where, and what is reached through what. `label`: by which sites are told apart. */
export const networkMap = (
  monitors: readonly MapMonitor[],
  places: readonly NamedPlace[],
  label: string,
  { topology, cutOff }: { readonly topology: Topology; readonly cutOff: CutOff },
): NetworkMap => {
  const shown = monitors.filter(({ monitor }) => !monitor.paused)
  const byPlace = placed(shown, places, label)
  const tree = byPlace.length === 0
  const standing = tree ? asTree(shown, topology) : byPlace
  const stateOf = ({ monitor, state }: MapMonitor): Shown =>
    state === 'down' && cutOff.has(monitor.id) ? 'cut_off' : state

  const nodes = new Map<string, Draft>()
  const keyOf = new Map<number, string>()
  for (const { one, key, name, id, place, fixed } of standing) {
    keyOf.set(one.monitor.id, key)
    const node = nodes.get(key) ?? { name, monitor: id, place, fixed, state: 'up' as Shown, counts: nothing() }
    nodes.set(key, node)
    const state = stateOf(one)
    node.counts[state]++
    // Of those that a device stands for its own state is shown; the others are counted.
    if (id === null) node.state = worse(node.state, state)
    else if (one.monitor.id === id) node.state = state
  }

  const links = new Map<string, { from: string; to: string; state: Shown; loss: number | null }>()
  for (const { one } of standing) {
    const to = keyOf.get(one.monitor.id)!
    for (const parent of new Set(topology.parentsOf(one.monitor.id).flat())) {
      const from = keyOf.get(parent)
      if (from === undefined || from === to) continue
      const key = `${from}\n${to}`
      const loss = Number.isNaN(one.loss) ? null : one.loss
      const before = links.get(key)
      const state = stateOf(one)
      if (!before) links.set(key, { from, to, state, loss })
      else {
        before.state = worse(before.state, state)
        if (loss !== null) before.loss = Math.max(before.loss ?? 0, loss)
      }
    }
  }
  return { nodes: [...nodes].map(([key, node]) => ({ key, ...node })), links: [...links.values()], tree, keyOf }
}
