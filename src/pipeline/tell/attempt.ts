import { because, type Cause } from '#core/cause/cause.ts'
import type { DeliveryFailure, DeliveryOutcome } from '#core/channel.ts'
import type { Attempt } from '#core/message/attempt.ts'
import { inEnglish } from '#templates/said.ts'

/** What an outcome failed at, and why. */
export interface FailedAt {
  readonly reason: DeliveryFailure
  readonly cause: Cause
}

/** What an outcome failed at: the message, or some of its recipients. Undefined when all have it. */
export const failureOf = (outcome: DeliveryOutcome): FailedAt | undefined => {
  if (!outcome.ok) return outcome
  const { refused = [] } = outcome
  if (refused.length === 0) return undefined
  const each = refused.map(
    ({ recipient, answer, cause }) => cause ?? because('recipient_refused', { recipient, answer }),
  )
  return { reason: 'recipient_refused', cause: because('recipients_refused', { each }) }
}

/** An outcome as it is kept; `at` when it began, ms. */
export const attemptOf = (at: number, durationMs: number, outcome: DeliveryOutcome): Attempt => {
  const failure = failureOf(outcome)
  return {
    at,
    durationMs,
    ok: outcome.ok,
    code: outcome.code ?? null,
    failure: failure?.reason ?? null,
    error: failure ? inEnglish(failure.cause) : null,
    ...(failure && { cause: failure.cause }),
    response: outcome.response ?? null,
  }
}
