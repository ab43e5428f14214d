import { type RetryPolicy, retryDelay } from '#lib/run/retry.ts'
import type { DeliveryOutcome } from '../channel.ts'
import { type Severity, severityRank } from '../event/severity.ts'

export const DEFAULT_RETRY: RetryPolicy = { baseMs: 1000, capMs: 60_000, giveUpAfterMs: 86_400_000 }

export type AfterAttempt =
  | { readonly status: 'delivered' }
  | { readonly status: 'retry'; readonly at: number }
  | { readonly status: 'failed' }

/**
 * What follows an attempt: `attempts` counts it, `firstAttemptAt` is when the first one began, ms. A server that names
 * its own wait (retry-after) is obeyed when that is the longer one.
 */
export const afterAttempt = (
  outcome: DeliveryOutcome,
  attempts: number,
  firstAttemptAt: number,
  now: number,
  policy: RetryPolicy = DEFAULT_RETRY,
  random?: () => number,
): AfterAttempt => {
  if (outcome.ok) return { status: 'delivered' }
  // What some recipients have is told, if not to all; its failure stays with it.
  const end = outcome.served && outcome.served.accepted.length > 0 ? 'delivered' : 'failed'
  if (outcome.kind === 'permanent') return { status: end }
  const at = now + Math.max(retryDelay(attempts, policy, random), outcome.retryAfterMs ?? 0)
  return at - firstAttemptAt > policy.giveUpAfterMs ? { status: end } : { status: 'retry', at }
}

/** At most `count` messages per `perMs`. */
export interface RateLimit {
  readonly count: number
  readonly perMs: number
}

/** How many more messages may leave now, and when the next one may, given the times (ms) of those sent before. */
export const rateBudget = (
  limit: RateLimit,
  sentAt: readonly number[],
  now: number,
): { readonly free: number; readonly freeAt: number } => {
  const inside = sentAt.filter((at) => at > now - limit.perMs).sort((a, b) => a - b)
  const free = Math.max(0, limit.count - inside.length)
  const blocking = inside[inside.length - limit.count]
  return { free, freeAt: free > 0 || blocking === undefined ? now : blocking + limit.perMs }
}

/** True when a severity passes the channel's limit. */
export const isUrgent = (severity: Severity, urgent: Severity | undefined): boolean =>
  urgent !== undefined && severityRank(severity) >= severityRank(urgent)
