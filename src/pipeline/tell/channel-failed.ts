import type { NewEvent } from '#core/event/event.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Notification } from '#core/message/notification.ts'
import { saidFields } from '#templates/said.ts'
import type { FailedAt } from './attempt.ts'

/**
 * A message that could not be delivered is an event itself, so that it can be seen and ruled upon. Undefined for a
 * message about such an event: two dead channels must not keep each other busy.
 */
export const channelFailed = (
  notification: Notification,
  channel: Channel,
  failure: FailedAt,
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
          ...saidFields(failure.cause),
        },
      }

const CHANNEL_FAILED = 'channel_failed'
