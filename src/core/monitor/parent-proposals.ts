import type { MonitorPath } from './path.ts'

/** A monitor as far as the question concerns it who its parent may be. */
export interface Candidate {
  readonly id: number
  readonly name: string
  /** Parents that it names already. */
  readonly parents: readonly string[]
  /** The way to it as it was seen while it was well. */
  readonly path?: MonitorPath | undefined
}

/** When a monitor began to be down, ms. */
export interface Fall {
  readonly monitorId: number
  readonly since: number
}

export type Evidence =
  /** The parent stands on the way to the monitor, `distance` hops from here. */
  | { readonly kind: 'path'; readonly path: MonitorPath; readonly distance: number }
  /** Of the parent's falls so many were falls of the monitor too. */
  | { readonly kind: 'falls'; readonly together: number; readonly ofParent: number; readonly ofMonitor: number }

interface ParentProposal {
  readonly monitor: string
  readonly parent: string
  readonly evidence: Evidence
}

export interface ParentFindings {
  readonly proposals: readonly ParentProposal[]
  /** Monitors that fall together without a sign of who depends on whom. */
  readonly together: readonly { readonly names: readonly string[]; readonly times: number }[]
}

export interface ProposalInput {
  readonly monitors: readonly Candidate[]
  /** The monitor that watches an address. */
  readonly watching: (address: string) => Pick<Candidate, 'id' | 'name'> | undefined
  readonly falls: readonly Fall[]
  /** Falls no further apart than this belong together, ms. */
  readonly withinMs: number
}

/** Fewer falls at the same time may be chance. */
const OFTEN = 3
/** Share of a parent's falls that must take its child along. */
const SHARE = 0.9
/** Pairs of monitors compared at most; the newest falls come first. */
const MOST_PAIRS = 5_000_000

const nearestOnWay = ({ id, path }: Candidate, watching: ProposalInput['watching']) => {
  if (!path) return undefined
  for (let index = path.hops.length - 1; index >= 0; index--) {
    const hop = path.hops[index]
    const parent = hop == null || hop === path.address ? undefined : watching(hop)
    if (parent && parent.id !== id) return { parent, distance: index + 1, path }
  }
  return undefined
}

/** Falls that follow one another closely, as the monitors that they concern; the newest first. */
const episodesOf = (falls: readonly Fall[], withinMs: number): readonly ReadonlySet<number>[] => {
  const episodes: Set<number>[] = []
  let last = Number.NEGATIVE_INFINITY
  for (const { monitorId, since } of falls.toSorted((a, b) => a.since - b.since)) {
    if (since - last > withinMs) episodes.push(new Set())
    episodes.at(-1)!.add(monitorId)
    last = since
  }
  return episodes.reverse()
}

/** How often each monitor fell, and how often each pair did at the same time, for those that are asked about. */
const countFalls = (episodes: readonly ReadonlySet<number>[], asked: ReadonlySet<number>) => {
  const falls = new Map<number, number>()
  const pairs = new Map<number, Map<number, number>>()
  let left = MOST_PAIRS
  for (const members of episodes) {
    const children = [...members].filter((id) => asked.has(id))
    const cost = children.length * members.size
    // Where everything falls at once, nothing tells who depends on whom.
    if (cost > left) continue
    left -= cost
    for (const id of members) falls.set(id, (falls.get(id) ?? 0) + 1)
    for (const child of children) {
      const others = pairs.get(child) ?? new Map<number, number>()
      pairs.set(child, others)
      for (const other of members) if (other !== child) others.set(other, (others.get(other) ?? 0) + 1)
    }
  }
  return { falls, pairs }
}

const distanceOf = ({ path }: Candidate): number | undefined => (path?.reached ? path.hops.length : undefined)

/** True when `one` is known not to stand nearer than `other`: then it cannot be its parent. */
const notNearer = (one: Candidate, other: Candidate): boolean => {
  const [near, far] = [distanceOf(one), distanceOf(other)]
  return near !== undefined && far !== undefined && near >= far
}

const pathProposals = ({ monitors, watching }: ProposalInput): ParentProposal[] =>
  monitors
    .filter(({ parents }) => parents.length === 0)
    .flatMap((monitor) => {
      const found = nearestOnWay(monitor, watching)
      if (!found) return []
      const { parent, path, distance } = found
      return [{ monitor: monitor.name, parent: parent.name, evidence: { kind: 'path', path, distance } as const }]
    })

/** Whether `name` is reached through `ancestor` by what is named and proposed so far. */
const isBelow = (name: string, ancestor: string, parentsOf: ReadonlyMap<string, readonly string[]>): boolean => {
  const seen = new Set<string>()
  const walk = [name]
  for (let at = walk.pop(); at !== undefined; at = walk.pop()) {
    if (at === ancestor) return true
    if (seen.has(at)) continue
    seen.add(at)
    walk.push(...(parentsOf.get(at) ?? []))
  }
  return false
}

/**
 * Proposes parents from the ways that were seen (the nearest hop that is watched) and, where a way shows none, from what
 * falls together: whoever takes a monitor along each time that it falls itself. Where that holds in both directions, and
 * the distance does not tell, it is only said that they fall together. Pure; never proposes a circle.
 */
export const proposeParents = (input: ProposalInput): ParentFindings => {
  const { monitors, falls, withinMs } = input
  const byId = new Map(monitors.map((monitor) => [monitor.id, monitor]))
  const parentsOf = new Map(monitors.map(({ name, parents }) => [name, parents]))
  const proposals: ParentProposal[] = []
  const propose = (proposal: ParentProposal) => {
    if (isBelow(proposal.parent, proposal.monitor, parentsOf)) return
    parentsOf.set(proposal.monitor, [proposal.parent])
    proposals.push(proposal)
  }
  for (const proposal of pathProposals(input)) propose(proposal)

  const open = monitors.filter(({ name }) => parentsOf.get(name)!.length === 0)
  const counts = countFalls(episodesOf(falls, withinMs), new Set(open.map(({ id }) => id)))
  const together = new Map<string, { names: readonly string[]; times: number }>()
  for (const monitor of open) {
    const own = counts.falls.get(monitor.id) ?? 0
    if (own < OFTEN) continue
    const above = [...(counts.pairs.get(monitor.id) ?? [])].flatMap(([id, times]) => {
      const parent = byId.get(id)
      const ofParent = counts.falls.get(id)!
      const takesAlong = parent && times >= OFTEN && times >= SHARE * ofParent && !notNearer(parent, monitor)
      return takesAlong ? [{ parent, times, ofParent, surely: ofParent < own || notNearer(monitor, parent) }] : []
    })
    // Of those that take it along the nearest falls most often, for it falls with each of its own parents too.
    const most = Math.max(...above.map(({ ofParent }) => ofParent))
    const nearest = above.filter(({ ofParent }) => ofParent === most)
    const [first] = nearest
    if (first && nearest.length === 1 && first.surely) {
      const evidence = { kind: 'falls', together: first.times, ofParent: first.ofParent, ofMonitor: own } as const
      propose({ monitor: monitor.name, parent: first.parent.name, evidence })
    } else if (first) {
      const names = [monitor.name, ...nearest.map(({ parent }) => parent.name)].toSorted()
      const key = JSON.stringify(names)
      if (!together.has(key)) together.set(key, { names, times: first.times })
    }
  }
  return { proposals, together: [...together.values()] }
}
