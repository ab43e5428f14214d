import { systemClock } from '#lib/time/clock.ts'
import { systemTimers, type Timers } from '#lib/time/timers.ts'

/** What a store waits by, and by what it dates its own notes. */
export interface StoreSystems {
  readonly timers: Timers
  /** What the system's clock shows, ms. */
  readonly wall: () => number
}

/** For who hands in none: a command that only looks, and the history's thread. */
export const systems: StoreSystems = { timers: systemTimers, wall: systemClock.now }
