/** Time as the rest of the code sees it, so that tests can inject their own. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. May step when the system's clock is set. */
  now(): number
  /** Milliseconds from an arbitrary start; never steps. Use it for durations. */
  monotonic(): number
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }
