import type { PathKind } from '#core/monitor/path.ts'

/** An address whose way is wanted, and for whom. */
interface Wanted<Who> {
  readonly address: string
  readonly failing: Set<Who>
  readonly well: Set<Who>
  /** When the first verdict over one of those that fail may fall, ms. */
  deadline: number
}

/** In an outage of thousands the first ones tell where it broke; the others would come too late. */
const MOST_WAITING = 2000

/** Ways that are wanted, each address once: whoever has the same shares the answer. */
export const createPathQueue = <Who>() => {
  const waiting = new Map<string, Wanted<Who>>()
  /** The address that each of them waits for. */
  const addressOf = new Map<Who, string>()
  let failing = 0

  const take = (wanted: Wanted<Who>) => {
    waiting.delete(wanted.address)
    if (wanted.failing.size > 0) failing--
    for (const who of [...wanted.failing, ...wanted.well]) addressOf.delete(who)
  }

  const withdraw = (who: Who) => {
    const wanted = waiting.get(addressOf.get(who) ?? '')
    addressOf.delete(who)
    if (!wanted) return
    if (wanted.failing.delete(who) && wanted.failing.size === 0) failing--
    wanted.well.delete(who)
    if (wanted.failing.size + wanted.well.size === 0) waiting.delete(wanted.address)
  }

  return {
    want: (address: string, who: Who, kind: PathKind, deadline: number): void => {
      withdraw(who)
      if (waiting.size >= MOST_WAITING && !waiting.has(address)) return
      const wanted = waiting.get(address) ?? {
        address,
        failing: new Set(),
        well: new Set(),
        deadline: Number.POSITIVE_INFINITY,
      }
      waiting.set(address, wanted)
      if (kind === 'failing') {
        if (wanted.failing.size === 0) failing++
        wanted.deadline = Math.min(wanted.deadline, deadline)
      }
      wanted[kind].add(who)
      addressOf.set(who, address)
    },
    withdraw,
    waits: (kind: PathKind): boolean => (kind === 'failing' ? failing > 0 : waiting.size > failing),
    /** Takes out the most urgent of those that fail, or the one that is well and has waited for longest. */
    take: (kind: PathKind): Omit<Wanted<Who>, 'deadline'> | undefined => {
      let best: Wanted<Who> | undefined
      for (const wanted of waiting.values()) {
        if (wanted.failing.size > 0 !== (kind === 'failing')) continue
        if (!best || wanted.deadline < best.deadline) best = wanted
        if (kind === 'well') break
      }
      if (best) take(best)
      return best
    },
  }
}
