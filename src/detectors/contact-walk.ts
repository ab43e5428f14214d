/** A random walk over first contacts. */
interface Walk {
  /** Marks of what was contacted, by hash. */
  readonly marks: Uint8Array
  marked: number
  height: number
}

/** The walks over first contacts with hosts, and with their ports. */
export interface Walks {
  readonly hosts: Walk
  readonly ports: Walk
  /** When they began, or were last made less of. */
  sinceMs: number
}

const CONTACT_BITS = 2048

const newWalk = (): Walk => ({ marks: new Uint8Array(CONTACT_BITS / 8), marked: 0, height: 0 })

export const newWalks = (sinceMs: number): Walks => ({ hosts: newWalk(), ports: newWalk(), sinceMs })

const WALK_MS = 86_400_000
/** What is left of a walk after a day: whoever knocks at the same few doors every day never gets far. */
const WALK_LEFT = 0.25

const lessen = (walk: Walk): void => {
  walk.height = Math.floor(walk.height * WALK_LEFT)
  walk.marks.fill(0)
  walk.marked = 0
}

/** Makes less of walks of yesterday. */
export const age = (walks: Walks, nowMs: number): void => {
  if (nowMs - walks.sinceMs < WALK_MS) return
  walks.sinceMs = nowMs
  lessen(walks.hosts)
  lessen(walks.ports)
}

/**
 * Threshold random walk: each first contact is a step, up when it fails, down when it succeeds. With failure four times
 * as likely for a scanner, and success four times as likely for anybody else, each step is a factor of four in the odds
 * (Jung, Paxson, Berger, Balakrishnan, IEEE S&P 2004); here it never sinks below zero, so that a good past does not buy
 * a scan, and it knows no window: slow scans are what it is for.
 */
export const step = (walk: Walk, hash: number, failed: boolean): void => {
  const bit = hash & (CONTACT_BITS - 1)
  const mask = 1 << (bit & 7)
  if ((walk.marks[bit >> 3]! & mask) !== 0) return
  walk.marks[bit >> 3]! |= mask
  walk.marked++
  walk.height = Math.max(0, walk.height + (failed ? 1 : -1))
  if (walk.marked < CONTACT_BITS / 2) return
  walk.marks.fill(0)
  walk.marked = 0
}
