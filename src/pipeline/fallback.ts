import type { Channel } from '#core/channel-spec.ts'
import type { Notification } from '#core/notification.ts'
import type { InsteadOf } from '#core/notification-facts.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { COPY_SUFFIX } from '#storage/outbox.ts'

export interface FallbackDeps {
  readonly storage: Storage
  readonly channels: () => readonly Channel[]
}

/** Notifications looked at in one turn for one channel. */
const BATCH = 200

/** Which other channel sends what this one could not; undefined for none. */
const targetOf = (
  { reason, payload, fallbackId }: Notification,
  channel: Channel,
  channels: readonly Channel[],
): Channel | undefined => {
  // A copy goes no further: two dead channels must not play ball.
  if (!channel.enabled || reason === 'test' || payload.insteadOf !== undefined || fallbackId !== null) return undefined
  const target = channels.find(({ name }) => name === channel.fallback?.to)
  if (!target?.enabled || target.id === channel.id) return undefined
  // News of a failing channel never goes by that channel.
  const about = payload.event as { readonly type?: unknown; readonly data?: { channel_id?: unknown } } | undefined
  return about?.type === 'channel_failed' && about.data?.channel_id === target.id ? undefined : target
}

/** True when everything that a digest holds has gone by another channel already. */
const nothingNew = async (
  digest: Notification,
  target: Channel,
  { notifications }: Pick<Repositories, 'notifications'>,
) => {
  const members = await notifications.membersOf(digest.id)
  for (const member of members)
    if (member.fallbackId === null && (await notifications.sameOn(target.id, member)) === undefined) return false
  return members.length > 0
}

const copy = async (
  original: Notification,
  channel: Channel,
  target: Channel,
  now: number,
  { notifications }: Repositories,
) => {
  // What the same decision told there already needs no copy.
  const told = await notifications.sameOn(target.id, original)
  if (told !== undefined) return notifications.fellBack(original.id, told)
  const insteadOf: InsteadOf = { channel: channel.name, notification: original.id }
  const { alertId, reason, payload, createdAt, uid } = original
  const [id] = await notifications.insert([
    {
      uid: uid + COPY_SUFFIX,
      alertId,
      channelId: target.id,
      reason,
      payload: { ...payload, insteadOf },
      createdAt,
      nextAttemptAt: now,
    },
  ])
  await notifications.fellBack(original.id, id!)
}

/**
 * Sends a copy of what a channel could not deliver by its fallback, once, with what waits behind it: the end of an
 * outage must not be told where its beginning was not. True when a copy was made.
 */
export const fallBack = async (
  notification: Notification,
  channels: readonly Channel[],
  now: number,
  repositories: Repositories,
): Promise<boolean> => {
  const channel = channels.find(({ id }) => id === notification.channelId)
  const target = channel && targetOf(notification, channel, channels)
  if (!target) return false
  if (notification.reason === 'digest' && (await nothingNew(notification, target, repositories))) {
    await repositories.notifications.fellBack(notification.id, notification.id)
    return false
  }
  await copy(notification, channel, target, now, repositories)
  if (notification.alertId !== null)
    for (const next of await repositories.notifications.behind(notification))
      await copy(next, channel, target, now, repositories)
  return true
}

/** Looks for what channels with a fallback have not delivered for too long, and sends it by the other channel. */
export const fallBackLate = async (now: number, { storage, channels }: FallbackDeps): Promise<void> => {
  for (const channel of channels()) {
    if (!channel.fallback || !channel.enabled) continue
    const before = now - channel.fallback.afterMs
    if ((await storage.notifications.undelivered(channel.id, before, 1)).length === 0) continue
    await storage.transaction(async (repositories) => {
      const late = await repositories.notifications.undelivered(channel.id, before, BATCH)
      for (const notification of late) await fallBack(notification, channels(), now, repositories)
    })
  }
}
