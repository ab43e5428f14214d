import type { DeliveryOutcome } from '#core/channel.ts'
import type { NewEvent } from '#core/event/event.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Notification } from '#core/message/notification.ts'
import { refusals } from './send.ts'

type Failure = Pick<Extract<DeliveryOutcome, { ok: false }>, 'reason' | 'message'>

/** What a final outcome failed at: the message, or some of its recipients. Undefined when all have it. */
export const failureOf = (outcome: DeliveryOutcome): Failure | undefined => {
  if (!outcome.ok) return outcome
  const message = refusals(outcome)
  return message === null ? undefined : { reason: 'recipient_refused', message }
}

/**
 * A message that could not be delivered is an event itself, so that it can be seen and ruled upon. Undefined for a
 * message about such an event: two dead channels must not keep each other busy.
 */
export const channelFailed = (
  notification: Notification,
  channel: Channel,
  failure: Failure,
  now: number,
): NewEvent | undefined =>
  notification.payload.event?.type === CHANNEL_FAILED
    ? undefined
    : {
        type: CHANNEL_FAILED,
        source: 'outbox',
        severity: 'HIGH',
        subject: channel.name,
        at: now,
        receivedAt: now,
        monitorId: null,
        data: {
          channel: channel.name,
          channel_id: channel.id,
          channel_type: channel.type,
          notification: notification.id,
          attempts: notification.attempts,
          failure: failure.reason,
          cause: failure.message,
        },
      }

const CHANNEL_FAILED = 'channel_failed'
