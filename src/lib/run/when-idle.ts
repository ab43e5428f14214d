import { type EventLoopUtilization, performance } from 'node:perf_hooks'

/** Share of its time for which a thread may be at work and still count as idle. */
const IDLE_BELOW = 0.25
const WATCHED_MS = 1000
const AGAIN_AFTER_MS = 10_000

export interface IdleOptions {
  /** From when on to look for a quiet moment. */
  readonly afterMs: number
  /** How busy the thread was since an earlier figure; Node's own, but in tests. */
  readonly utilization?: (since?: EventLoopUtilization) => EventLoopUtilization
}

/**
 * Does something that stops the thread for a while, once, when it has had little to do for a second: nobody's request
 * waits behind it. Returns the way to give it up.
 */
export const whenIdle = (
  work: () => unknown,
  { afterMs, utilization = (since) => performance.eventLoopUtilization(since) }: IdleOptions,
): (() => void) => {
  let timer: NodeJS.Timeout
  const look = () => {
    const before = utilization()
    timer = setTimeout(() => {
      if (utilization(before).utilization < IDLE_BELOW) work()
      else timer = setTimeout(look, AGAIN_AFTER_MS).unref()
    }, WATCHED_MS).unref()
  }
  timer = setTimeout(look, afterMs).unref()
  return () => clearTimeout(timer)
}
