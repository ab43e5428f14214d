import { type StartPart, startThread } from '#lib/thread.ts'
import { type Random, systemRandom } from '#lib/time/chance.ts'
import { type Clock, systemClock } from '#lib/time/clock.ts'
import { createSteadyClock, isSteady, type SteadyClock } from '#lib/time/steady-clock.ts'
import { systemTimers, type Timers } from '#lib/time/timers.ts'
import { uptimeMs } from './life.ts'
import type { ServerOptions } from './options.ts'

/** Time, waiting, chance and threads, as every part of the server is handed them. */
export interface Systems {
  readonly clock: Clock
  /** The same clock where it is a steady one, which has to be looked after; else undefined. */
  readonly steady: SteadyClock | undefined
  readonly timers: Timers
  readonly random: Random
  /** What the system's clock shows, ms, whatever the server's own makes of a step: it stamps files. */
  readonly wall: () => number
  /** How the threads of engine and history are started. */
  readonly startPart: StartPart
}

/** What is handed in, and else the system's own, with a steady clock over it. */
export const systemsOf = ({
  clock = createSteadyClock({ uptimeMs }),
  timers = systemTimers,
  random = systemRandom,
  startPart = startThread,
}: Pick<ServerOptions, 'clock' | 'timers' | 'random' | 'startPart'>): Systems => ({
  clock,
  steady: isSteady(clock) ? clock : undefined,
  timers,
  random,
  wall: systemClock.now,
  startPart,
})
