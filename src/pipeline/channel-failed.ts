import type { DeliveryOutcome } from '#core/channel.ts'
import type { Channel } from '#core/channel-spec.ts'
import type { Notification } from '#core/notification.ts'
import type { Repositories } from '#storage/index.ts'

/** A message that could not be delivered is an event itself, so that it can be seen and ruled upon. */
export const channelFailed = async (
  notification: Notification,
  channel: Channel,
  outcome: Extract<DeliveryOutcome, { ok: false }>,
  now: number,
  { events }: Repositories,
): Promise<void> => {
  await events.insert({
    type: 'channel_failed',
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
      failure: outcome.reason,
      cause: outcome.message,
    },
  })
}
