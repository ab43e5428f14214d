import type { NotifyReason } from '../alert/notify-reason.ts'
import type { Cause } from '../cause/cause.ts'
import type { DeliveryFailure, Served } from '../channel.ts'
import type { DigestWhy } from './digest-why.ts'
import type { NotificationFacts } from './notification-facts.ts'

/**
 * `pending` waits in the outbox; `held` waits for the channel's rate limit and ends in a digest; `digested` was told
 * by one; `cancelled` lost its point before it left, for another channel has told it.
 */
export const NOTIFICATION_STATUSES = ['pending', 'held', 'delivered', 'digested', 'failed', 'cancelled'] as const
export type NotificationStatus = (typeof NOTIFICATION_STATUSES)[number]

/** One message about one alert to one channel. This table is the history and the outbox. */
export interface Notification {
  readonly id: number
  /** Travels with every attempt: Message-ID, Idempotency-Key. */
  readonly uid: string
  readonly alertId: number | null
  /** What it is about (`core/event/about.ts`): on a channel what is about the same keeps its order. Null for a digest or a test. */
  readonly about: number | null
  readonly channelId: number
  readonly reason: NotifyReason
  readonly status: NotificationStatus
  /** Facts at the time of the decision. */
  readonly payload: NotificationFacts
  readonly createdAt: number
  readonly nextAttemptAt: number | null
  readonly leaseUntil: number | null
  readonly attempts: number
  readonly firstAttemptAt: number | null
  readonly deliveredAt: number | null
  readonly failure: DeliveryFailure | null
  /** What went wrong last, as an English sentence. */
  readonly error: string | null
  /** The same as a code with facts; absent where nothing did, or where an older version wrote it. */
  readonly cause?: Cause
  readonly response: string | null
  readonly reference: string | null
  /** What holds it back, or did last. */
  readonly heldFor: DigestWhy | null
  /** The message that told it: a digest, or a newer one of the same subject. */
  readonly digestId: number | null
  /** The copy that went by another channel, for this one could not deliver it in time. */
  readonly fallbackId: number | null
  /** Which of several recipients have it; null while none or all of them do. */
  readonly served: Served | null
}
