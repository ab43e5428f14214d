import type { Entry } from './entry.ts'
import { createFirstTurns } from './first-turn.ts'
import { createTimerWheel, type TimerWheelOptions } from './timer-wheel.ts'

/** So many changed monitors are taken for the work of a person, who waits for what comes of it. */
const FEW = 50

/**
 * When each monitor is looked at, by the monotonic clock: first turns spread, later ones at a fixed rate, so that a
 * clock that is set neither bunches nor skips probes; a turn that was missed altogether is not made up for.
 */
/** Times are sums of intervals, in numbers that are not exact. */
const TINY = 1e-6

/** The first regular turn after a moment. */
const regularAfter = (moment: number, place: number, intervalMs: number): number =>
  place + (Math.floor((moment - place) / intervalMs + TINY) + 1) * intervalMs

export const createTurns = (options: TimerWheelOptions) => {
  const { monotonic } = options
  const wheel = createTimerWheel(options)
  const { count, uncount, of: first } = createFirstTurns(monotonic)
  let overruns = 0

  return {
    first,
    /** How many monitors there are by their intervals decides how first turns lie: told before they are placed. */
    count,
    uncount,
    schedule: wheel.schedule,
    cancel: wheel.cancel,
    close: wheel.close,

    /**
     * Sets the next turn `wait` ms after the last one was due; turns that have passed meanwhile are left out. Where the
     * wait is the whole interval it ends at the monitor's own place, which may be earlier: what stalled, failed or was
     * hurried together would else go together for ever.
     */
    plan: (slot: number, entry: Entry, wait: number): void => {
      const now = monotonic()
      const regular = wait === entry.policy.intervalMs
      let due = regular ? regularAfter(entry.due, entry.place, wait) : entry.due + wait
      if (entry.due + wait <= now) overruns++
      if (due <= now) due = regular ? regularAfter(now, entry.place, wait) : due + Math.ceil((now - due) / wait) * wait
      entry.due = due
      wheel.schedule(slot, due)
    },

    /**
     * The next turn of a monitor that is to be looked at anew, or more often: at once where a person has changed a few;
     * of many each keeps its place, so that a reload makes neither a burst nor a gap.
     */
    afterChange: ({ type, busy, due }: Entry, intervalMs: number, order: number, starting: number): number => {
      const next = first(order, starting, intervalMs, type.together)
      if (busy) return next
      if (starting <= FEW) return Math.min(due, next)
      return due - Math.max(0, Math.floor((due - monotonic()) / intervalMs)) * intervalMs
    },

    /** Turns whose time had passed before they could be set. */
    overruns: (): number => overruns,
  }
}
