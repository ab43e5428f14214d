import type { Timer, Timers } from '#lib/time/timers.ts'
import { systemTiming } from '#lib/time/timing.ts'
import { addressBytes } from '../icmp/icmp-packet.ts'
import type { Family } from '../icmp/icmp-socket.ts'
import { type Link, linkOf, neighbourRoom, readLinks } from './links.ts'

/** A host on a network of our own, as far as the kernel's neighbour table is concerned. */
export interface Neighbour {
  readonly family: Family
  readonly resolveMs: number
  /** It answered when it was last asked: the kernel knows it. */
  answering: boolean
  /** When it last answered, ms of the monotonic clock; NaN before it was first asked, -Infinity if it never did. */
  answeredAt: number
  /** Looks under way at it. */
  asking: number
}

/** A look that waits for its turn to ask for a neighbour. */
export interface Waiting {
  readonly neighbour: Neighbour
  readonly since: number
  readonly begin: () => void
}

export interface NeighbourFigures {
  readonly family: Family
  /** Neighbours that do not answer and may be asked for at once. */
  readonly bound: number
  /** How many are asked for at present, and how many looks wait for that. */
  readonly asked: number
  readonly waiting: number
  /** Looks that had to wait so far, and how long the last of them did, ms. */
  readonly waited: number
  readonly lastWaitMs: number
}

export interface NeighbourOptions {
  readonly bound?: (family: Family) => number
  readonly links?: () => readonly Link[]
  readonly monotonic?: () => number
  readonly timers?: Timers
}

/** This part of the kernel's table may be taken by neighbours that do not answer; the rest is for those that do. */
const SHARE = 4
const LEAST = 16
/** The kernel's timers may be late by an eighth of their time (kernel/time/timer.c). */
const TIMER_SLACK = 1.125
/** What answered within this time goes before what is known to be dead. */
const RECENTLY_MS = 600_000
/** Interfaces come and go; they are read again this often. */
const READ_LINKS_MS = 30_000
/** Beyond it two monitors of one address may be counted as two neighbours. */
const MOST_KNOWN = 200_000

/** Of the neighbours that do not answer, how many may be asked for at once. */
export const neighbourBound = (family: Family): number => Math.max(LEAST, Math.floor(neighbourRoom(family) / SHARE))

const createTable = () => ({
  /** Asked for, without an answer so far. */
  asked: new Set<Neighbour>(),
  /** Those of them that nobody looks at any more, but the kernel still asks for, and until when. */
  ending: new Map<Neighbour, number>(),
  urgent: new Set<Waiting>(),
  others: new Set<Waiting>(),
  waited: 0,
  lastWaitMs: 0,
  timer: undefined as Timer | undefined,
})
type Table = ReturnType<typeof createTable>

/**
 * Keeps the kernel's neighbour table from overflowing, which would harm this whole machine: while it asks for a host that
 * does not answer (ARP of RFC 826, neighbour discovery of RFC 4861), the entry can not be taken back. So only so many
 * silent neighbours are asked for at once, and looks at more of them wait. Who answered last time is never held up.
 */
export const createNeighbours = ({
  bound = neighbourBound,
  links: read = readLinks,
  monotonic = systemTiming.monotonic,
  timers = systemTiming.timers,
}: NeighbourOptions = {}) => {
  const bounds = { 4: bound(4), 6: bound(6) } as const
  const tables: Readonly<Record<Family, Table>> = { 4: createTable(), 6: createTable() }
  const known = new Map<string, Neighbour>()
  let links = read()

  /** Takes back the places of neighbours that the kernel has given up asking for. */
  const takeBack = ({ asked, ending }: Table, now: number) => {
    // Nearly in the order of their ends: one that is overtaken is taken back a moment later.
    for (const [neighbour, until] of ending) {
      if (until > now) break
      ending.delete(neighbour)
      asked.delete(neighbour)
    }
  }

  const admit = (neighbour: Neighbour): boolean => {
    const table = tables[neighbour.family]
    if (!neighbour.answering && !table.asked.has(neighbour)) {
      takeBack(table, monotonic())
      if (table.asked.size >= bounds[neighbour.family]) return false
      table.asked.add(neighbour)
    }
    table.ending.delete(neighbour)
    neighbour.asking++
    return true
  }

  const next = (table: Table): Waiting | undefined =>
    table.urgent.values().next().value ?? table.others.values().next().value

  const leave = (waiting: Waiting) => {
    const { urgent, others } = tables[waiting.neighbour.family]
    if (!urgent.delete(waiting)) others.delete(waiting)
  }

  const admitWaiting = (table: Table) => {
    for (let waiting = next(table); waiting && admit(waiting.neighbour); waiting = next(table)) {
      leave(waiting)
      table.waited++
      table.lastWaitMs = monotonic() - waiting.since
      waiting.begin()
    }
    if (next(table)) wakeFor(table)
  }

  /** What waits goes on when the kernel gives up the neighbour that it has asked for longest. */
  const wakeFor = (table: Table) => {
    const [until] = table.ending.values()
    if (until === undefined) return
    const again = () => {
      table.timer = undefined
      admitWaiting(table)
    }
    table.timer ??= timers.after(Math.max(1, until - monotonic()), again)
  }

  const figures = (family: Family): NeighbourFigures => {
    const table = tables[family]
    takeBack(table, monotonic())
    const { asked, urgent, others, waited, lastWaitMs } = table
    const waiting = urgent.size + others.size
    return { family, bound: bounds[family], asked: asked.size, waiting, waited, lastWaitMs }
  }

  const neighbours = {
    /** Counts changes of the interfaces: after one, neighbours must be asked for by `of` again. */
    version: 0,
    /** The neighbour at an address; undefined when it lies behind a router. */
    of: (address: string): Neighbour | undefined => {
      const bytes = addressBytes(address)
      const link = bytes && linkOf(links, bytes)
      if (!link) return undefined
      const { family, resolveMs } = link
      const found = known.get(address)
      if (found?.resolveMs === resolveMs) return found
      const made = { family, resolveMs, answering: false, answeredAt: Number.NaN, asking: 0 }
      if (known.size >= MOST_KNOWN) known.clear()
      known.set(address, made)
      return made
    },
    /** True: a look may begin, and `ended` must be called at its end. False: it has to `wait`. */
    admit,
    /** `begin` is called when a place is free; the look is admitted then. */
    wait: (neighbour: Neighbour, begin: () => void): Waiting => {
      const now = monotonic()
      const table = tables[neighbour.family]
      const waiting = { neighbour, since: now, begin }
      // What was never asked may well be alive: it does not stand behind thousands that are not.
      const hopeful = Number.isNaN(neighbour.answeredAt) || now - neighbour.answeredAt < RECENTLY_MS
      ;(hopeful ? table.urgent : table.others).add(waiting)
      wakeFor(table)
      return waiting
    },
    /** A look that waited is not wanted any more. */
    leave,
    /** A look is over: whether anything came back, undefined where that is not known, and when it last sent, ms ago. */
    ended: (neighbour: Neighbour, answered: boolean | undefined, agoMs: number): void => {
      const table = tables[neighbour.family]
      const now = monotonic()
      neighbour.asking--
      neighbour.answering = answered ?? neighbour.answering
      if (answered) neighbour.answeredAt = now
      else if (Number.isNaN(neighbour.answeredAt)) neighbour.answeredAt = Number.NEGATIVE_INFINITY
      if (neighbour.answering) {
        table.ending.delete(neighbour)
        table.asked.delete(neighbour)
      } else if (neighbour.asking === 0) {
        // Also of one that answered until now: from here on the kernel asks for it.
        table.asked.add(neighbour)
        table.ending.set(neighbour, now + Math.max(0, neighbour.resolveMs * TIMER_SLACK - agoMs))
      }
      if (next(table)) admitWaiting(table)
    },
    figures: (): readonly NeighbourFigures[] => [figures(4), figures(6)],
    close: (): void => {
      timers.clear(reader)
      for (const { timer } of Object.values(tables)) timers.clear(timer)
    },
  }

  const reader = timers.every(READ_LINKS_MS, () => {
    const present = read()
    if (JSON.stringify(present) === JSON.stringify(links)) return
    links = present
    neighbours.version++
  })
  reader.unref()

  return neighbours
}
export type Neighbours = ReturnType<typeof createNeighbours>
