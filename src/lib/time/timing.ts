import { type Clock, systemClock } from './clock.ts'
import { systemTimers, type Timers } from './timers.ts'

/** What measures durations and waits: for what never needs to know the time of day. */
export interface Timing extends Pick<Clock, 'monotonic'> {
  readonly timers: Timers
}

export const systemTiming: Timing = { monotonic: systemClock.monotonic, timers: systemTimers }
