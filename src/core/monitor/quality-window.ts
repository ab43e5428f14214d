import type { QualityWindow } from './monitor.ts'

/** What a window holds, added up. */
export interface QualityTotals {
  readonly sent: number
  readonly lost: number
  /** Answers at or above the bound of the 95th percentile, and at or above where it clears. */
  readonly slow: number
  readonly slowToClear: number
  /** Pairs of answers in a row, and their absolute differences added up, µs. */
  readonly pairs: number
  readonly variationUs: number
  /** Moments, well apart, at which packets were lost, answers slow, or varied as much as the bound. */
  readonly lossyMoments: number
  readonly slowMoments: number
  readonly shakyMoments: number
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** The rounds of the last minutes of one monitor, as numbers in rows: bounded however long it runs. */
export interface RoundWindow {
  readonly totals: QualityTotals
  /** Adds a round that began at `at`: the first `count` of `rtts`, ms, NaN where a packet was lost. */
  add(at: number, rtts: ArrayLike<number>, count: number): void
  clear(): void
  /** 95th percentile of the answers' times by nearest rank, ms; NaN when there are none. */
  rttP95Ms(): number
  /** Start of the oldest round that shows trouble; undefined when none does. */
  troubleSince(): number | undefined
  /** Start of the first round after the newest that shows trouble; undefined while that is the newest of all. */
  quietSince(): number | undefined
}

/** Columns of a round's row. Counts fit a byte: a round has at most 100 packets. */
const SENT = 0
const LOST = 1
const SLOW = 2
const SLOW_TO_CLEAR = 3
const PAIRS = 4
const MARKS = 5
const COLUMNS = 6

/** Marks of a round: at this moment packets were lost, answers slow, varied as much as the bound. */
const LOSSY = 0
const SLOWED = 1
const SHAKY = 2

/**
 * Trouble counts once in this part of the window, so that a burst counts once, however many quick rounds it meets while
 * it is looked at.
 */
const MOMENTS_PER_WINDOW = 10
const MOST_TIMES = 2048
const MOST_PACKETS = 255
const MOST_US = 2 ** 32 - 1

const noTotals = (): Writable<QualityTotals> => ({
  sent: 0,
  lost: 0,
  slow: 0,
  slowToClear: 0,
  pairs: 0,
  variationUs: 0,
  lossyMoments: 0,
  slowMoments: 0,
  shakyMoments: 0,
})

/** Room for `capacity` rounds: where more come within the window, it holds the newest of them. */
export const createRoundWindow = ({ overMs, begin, clear }: QualityWindow, capacity: number): RoundWindow => {
  const startedAt = new Float64Array(capacity)
  const counts = new Uint8Array(capacity * COLUMNS)
  const variations = new Uint32Array(capacity)
  const totals = noTotals()
  const slowFrom = begin.rttP95Ms ?? Number.POSITIVE_INFINITY
  const slowToClearFrom = clear.rttP95Ms ?? slowFrom
  const shakyFrom = begin.jitterMs ?? Number.POSITIVE_INFINITY
  let oldest = 0
  let rounds = 0
  /** Times of the newest answers; made when the first round tells how many packets there are. */
  let times = new Float32Array(0)
  let timesWritten = 0
  let lastAnswer = Number.NaN
  const momentAt = new Float64Array(3).fill(Number.NEGATIVE_INFINITY)

  const slotAt = (age: number) => (oldest + age) % capacity

  /** Adds a round's row to the totals, or takes it out. */
  const count = (slot: number, sign: 1 | -1) => {
    const row = slot * COLUMNS
    const marks = counts[row + MARKS]!
    totals.sent += sign * counts[row + SENT]!
    totals.lost += sign * counts[row + LOST]!
    totals.slow += sign * counts[row + SLOW]!
    totals.slowToClear += sign * counts[row + SLOW_TO_CLEAR]!
    totals.pairs += sign * counts[row + PAIRS]!
    totals.variationUs += sign * variations[slot]!
    if (marks & (1 << LOSSY)) totals.lossyMoments += sign
    if (marks & (1 << SLOWED)) totals.slowMoments += sign
    if (marks & (1 << SHAKY)) totals.shakyMoments += sign
  }

  const dropOldest = () => {
    count(oldest, -1)
    oldest = slotAt(1)
    rounds--
  }

  const clearAll = () => {
    Object.assign(totals, noTotals())
    oldest = 0
    rounds = 0
    timesWritten = 0
    lastAnswer = Number.NaN
    momentAt.fill(Number.NEGATIVE_INFINITY)
  }

  const newest = () => startedAt[slotAt(rounds - 1)]!

  /** The bit of a mark; 0 where the last such moment is too near to be another one. */
  const moment = (mark: number, at: number): number => {
    if (at - momentAt[mark]! < overMs / MOMENTS_PER_WINDOW) return 0
    momentAt[mark] = at
    return 1 << mark
  }

  const keepTime = (ms: number) => {
    times[timesWritten++ % times.length] = ms
  }

  const write = (slot: number, rtts: ArrayLike<number>, sent: number) => {
    let lost = 0
    let slow = 0
    let slowToClear = 0
    let pairs = 0
    let variationMs = 0
    // Of one packet a round, rounds in a row are packets in a row.
    if (sent > 1) lastAnswer = Number.NaN
    for (let packet = 0; packet < sent; packet++) {
      const rtt = rtts[packet]!
      if (Number.isNaN(rtt)) {
        lost++
        continue
      }
      if (rtt >= slowFrom) slow++
      if (rtt >= slowToClearFrom) slowToClear++
      if (!Number.isNaN(lastAnswer)) {
        pairs++
        variationMs += Math.abs(rtt - lastAnswer)
      }
      lastAnswer = rtt
      keepTime(rtt)
    }
    const shaky = pairs > 0 && variationMs / pairs >= shakyFrom
    const at = startedAt[slot]!
    const marks =
      (lost > 0 ? moment(LOSSY, at) : 0) | (slow > 0 ? moment(SLOWED, at) : 0) | (shaky ? moment(SHAKY, at) : 0)
    const row = slot * COLUMNS
    counts[row + SENT] = sent
    counts[row + LOST] = lost
    counts[row + SLOW] = slow
    counts[row + SLOW_TO_CLEAR] = slowToClear
    counts[row + PAIRS] = pairs
    counts[row + MARKS] = marks
    variations[slot] = Math.min(MOST_US, Math.round(variationMs * 1000))
  }

  const shows = (age: number) => {
    const row = slotAt(age) * COLUMNS
    return counts[row + LOST]! > 0 || counts[row + SLOW]! > 0 || counts[row + MARKS]! > 0
  }

  return {
    totals,
    add: (at, rtts, wanted) => {
      const sent = Math.min(wanted, MOST_PACKETS)
      if (sent === 0) return
      // A clock that was set back: what is remembered has no place in time any more.
      if (rounds > 0 && at < newest()) clearAll()
      if (times.length === 0) times = new Float32Array(Math.min(MOST_TIMES, capacity * sent))
      while (rounds > 0 && (rounds === capacity || startedAt[oldest]! <= at - overMs)) dropOldest()
      const slot = slotAt(rounds)
      rounds++
      startedAt[slot] = at
      write(slot, rtts, sent)
      count(slot, 1)
    },
    clear: clearAll,
    rttP95Ms: () => {
      const held = Math.min(totals.sent - totals.lost, timesWritten, times.length)
      if (held === 0) return Number.NaN
      const sorted = new Float32Array(held)
      for (let index = 0; index < held; index++) sorted[index] = times[(timesWritten - 1 - index) % times.length]!
      return sorted.sort()[Math.ceil(held * 0.95) - 1]!
    },
    troubleSince: () => {
      for (let age = 0; age < rounds; age++) if (shows(age)) return startedAt[slotAt(age)]!
      return undefined
    },
    quietSince: () => {
      let age = rounds
      while (age > 0 && !shows(age - 1)) age--
      return age === rounds ? undefined : startedAt[slotAt(age)]!
    },
  }
}
