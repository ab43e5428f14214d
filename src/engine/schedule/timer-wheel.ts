import { doubled } from '#lib/sketch/doubled.ts'
import { systemTimers, type Timer, type Timers } from '#lib/time/timers.ts'

const TICK_MS = 10
const BUCKETS = 4096
const NONE = -1
const LINKS = 4
const [NEXT, PREVIOUS, BUCKET] = [0, 1, 2]

/**
 * Timers for up to a million slots: a hashed wheel of 4,096 buckets of 10 ms, linked through typed arrays. An entry
 * further away than one turn (41 s) stays in its bucket until its time has come. Never fires early; wakes only when
 * a bucket holds something, so an idle wheel costs nothing.
 */
export interface TimerWheel {
  /** Sets the slot's one timer, replacing an earlier one. `due` in ms of the monotonic clock. */
  schedule(slot: number, due: number): void
  cancel(slot: number): void
  close(): void
}

export interface TimerWheelOptions {
  readonly monotonic: () => number
  readonly onDue: (slot: number, due: number) => void
  /** The system's by default. */
  readonly timers?: Timers | undefined
}

export const createTimerWheel = ({ monotonic, onDue, timers = systemTimers }: TimerWheelOptions): TimerWheel => {
  const heads = new Int32Array(BUCKETS).fill(NONE)
  /** Next, previous and bucket of each slot side by side: neighbours of the list lie far apart in memory. */
  let links = new Int32Array(1024 * LINKS).fill(NONE)
  let due = new Float64Array(1024).fill(Number.NaN)
  let waiting = 0
  /** The tick up to which everything has fired. */
  let cursor = Math.floor(monotonic() / TICK_MS)
  let timer: Timer | undefined
  let wakeAt = Number.POSITIVE_INFINITY
  let closed = false

  const tickOf = (time: number) => Math.max(Math.ceil(time / TICK_MS), cursor + 1)

  const grow = (slot: number) => {
    while (slot >= due.length) {
      links = doubled(links).fill(NONE, links.length)
      due = doubled(due).fill(Number.NaN, due.length)
    }
  }

  const unlink = (slot: number) => {
    const next = links[slot * LINKS + NEXT]!
    const previous = links[slot * LINKS + PREVIOUS]!
    if (previous === NONE) heads[links[slot * LINKS + BUCKET]!] = next
    else links[previous * LINKS + NEXT] = next
    if (next !== NONE) links[next * LINKS + PREVIOUS] = previous
    due[slot] = Number.NaN
    waiting--
  }

  const wake = (tick: number) => {
    const at = tick * TICK_MS
    if (closed || at >= wakeAt) return
    wakeAt = at
    timers.clear(timer)
    timer = timers.after(Math.max(0, Math.ceil(at - monotonic())), run)
  }

  /** The next tick whose bucket holds anything; it may turn out to hold only entries of a later turn. */
  const wakeForNext = () => {
    if (waiting === 0) return
    for (let step = 1; step <= BUCKETS; step++)
      if (heads[(cursor + step) & (BUCKETS - 1)] !== NONE) return wake(cursor + step)
  }

  const fire = (bucket: number, now: number) => {
    let slot = heads[bucket]!
    while (slot !== NONE) {
      const following = links[slot * LINKS + NEXT]!
      const time = due[slot]!
      if (time <= now) {
        unlink(slot)
        onDue(slot, time)
        // What fired may have changed this very list: begin again, the due ones are gone from it.
        slot = heads[bucket]!
        continue
      }
      slot = following
    }
  }

  const run = () => {
    wakeAt = Number.POSITIVE_INFINITY
    const now = monotonic()
    const until = Math.floor(now / TICK_MS)
    // After a long stop one whole turn covers every bucket.
    const from = Math.max(cursor + 1, until - BUCKETS + 1)
    for (let tick = from; tick <= until && !closed; tick++) {
      cursor = tick
      if (heads[tick & (BUCKETS - 1)] !== NONE) fire(tick & (BUCKETS - 1), now)
    }
    wakeForNext()
  }

  return {
    schedule: (slot, time) => {
      if (closed) return
      grow(slot)
      if (!Number.isNaN(due[slot])) unlink(slot)
      if (waiting === 0) cursor = Math.max(cursor, Math.floor(monotonic() / TICK_MS) - 1)
      const tick = tickOf(time)
      const bucket = tick & (BUCKETS - 1)
      due[slot] = time
      const first = heads[bucket]!
      links[slot * LINKS + NEXT] = first
      links[slot * LINKS + PREVIOUS] = NONE
      links[slot * LINKS + BUCKET] = bucket
      if (first !== NONE) links[first * LINKS + PREVIOUS] = slot
      heads[bucket] = slot
      waiting++
      // What lies further away than one turn is looked at when the wheel first comes by.
      wake(cursor + 1 + ((tick - cursor - 1) % BUCKETS))
    },
    cancel: (slot) => {
      if (slot < due.length && !Number.isNaN(due[slot])) unlink(slot)
    },
    close: () => {
      closed = true
      timers.clear(timer)
    },
  }
}
