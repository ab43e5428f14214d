import type { Channel } from '#core/channel-spec.ts'
import type { Language, Rendered } from '#core/message.ts'
import type { Notification } from '#core/notification.ts'
import { messageOf, type NotificationFacts } from '#core/notification-facts.ts'
import type { Clock } from '#lib/clock.ts'
import type { Storage } from '#storage/index.ts'
import { renderMessage } from '#templates/render.ts'
import { digestItems } from './digest.ts'

export interface WriteDeps {
  readonly storage: Storage
  readonly clock: Clock
  /** The server's, where a channel has none of its own. */
  readonly language: Language
  readonly timeZone: string
  readonly url?: string | undefined
}

/** Writes a notification's text at the moment of sending, in the channel's language and time zone. */
export const createRenderer =
  ({ storage, clock, language, timeZone, url }: WriteDeps) =>
  async (notification: Notification, channel: Channel): Promise<Rendered> => {
    const now = clock.now()
    const facts = notification.payload as unknown as NotificationFacts
    const items = notification.reason === 'digest' ? await digestItems(notification.id, storage) : undefined
    const message = messageOf(items ? { ...facts, items } : facts, {
      id: notification.uid,
      reason: notification.reason,
      alertId: notification.alertId,
      url: url === undefined ? null : `${url.replace(/\/$/, '')}/alerts/${notification.alertId ?? ''}`,
      delayedMs: now - notification.createdAt,
    })
    return renderMessage(message, {
      language: channel.language ?? language,
      timeZone: channel.timeZone ?? timeZone,
      now,
    })
  }
