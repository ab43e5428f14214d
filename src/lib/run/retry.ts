/** How a delivery is retried: waits double from `baseMs` to `capMs`, until `giveUpAfterMs` after the first try. */
export interface RetryPolicy {
  readonly baseMs: number
  readonly capMs: number
  readonly giveUpAfterMs: number
}

/**
 * Wait before the next try, in ms, after `attempts` tries (1 or more): 1, 2, 4, 8 … times `baseMs` up to `capMs`,
 * with up to a quarter of jitter on top, so that many waiting deliveries do not come back in step.
 */
export const retryDelay = (attempts: number, policy: RetryPolicy, random: () => number = Math.random): number => {
  const exponential = policy.baseMs * 2 ** Math.min(attempts - 1, 30)
  return Math.round(Math.min(exponential, policy.capMs) * (1 + random() / 4))
}
