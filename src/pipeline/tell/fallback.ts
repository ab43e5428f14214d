import type { Channel } from '#core/message/channel-spec.ts'
import type { Notification } from '#core/message/notification.ts'
import type { InsteadOf } from '#core/message/notification-facts.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { COPY_SUFFIX } from '#storage/outbox.ts'

export interface FallbackDeps {
  readonly storage: Storage
  readonly channels: () => readonly Channel[]
}

/** Notifications looked at in one turn for one channel. */
const BATCH = 200

/** The channel that stands in for one; undefined when there is none that could send. */
const standInOf = (channel: Channel, channels: readonly Channel[]): Channel | undefined => {
  const target = channel.enabled ? channels.find(({ name }) => name === channel.fallback?.to) : undefined
  return target?.enabled && target.id !== channel.id ? target : undefined
}

/** News of a failing channel never goes by that channel. */
const isAbout = ({ payload }: Notification, channel: Channel): boolean => payload.aboutChannel === channel.id

/** True when everything that a digest holds has gone by another channel already. */
const nothingNew = async (digest: Notification, target: Channel, { notifications }: Repositories): Promise<boolean> => {
  if (digest.reason !== 'digest') return false
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
  // It may have got its copy while it was being sent, or with what it waited behind.
  if ((await notifications.byId(original.id))?.fallbackId !== null) return
  // What the same decision told there already needs no copy.
  const told = await notifications.sameOn(target.id, original)
  if (told !== undefined) return notifications.fellBack(original.id, told)
  // Nor does what is older than the last that was told there about the same.
  if (await notifications.overtakenOn(target.id, original)) return notifications.fellBack(original.id, original.id)
  const insteadOf: InsteadOf = { channel: channel.name, notification: original.id }
  const { alertId, about, reason, payload, createdAt, uid } = original
  const [id] = await notifications.insert([
    {
      uid: uid + COPY_SUFFIX,
      alertId,
      about,
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
 * outage must not be told where its beginning was not. A copy itself goes no further: two dead channels must not play
 * ball.
 */
export const fallBack = async (
  notification: Notification,
  channels: readonly Channel[],
  now: number,
  repositories: Repositories,
): Promise<void> => {
  const { notifications } = repositories
  const { id, channelId, about, reason, payload, fallbackId } = notification
  const channel = channels.find((one) => one.id === channelId)
  const target = channel && standInOf(channel, channels)
  if (!target || reason === 'test' || payload.insteadOf !== undefined || fallbackId !== null) return
  // Noted as if it were its own copy: it is not looked at again.
  if (isAbout(notification, target) || (await nothingNew(notification, target, repositories)))
    return notifications.fellBack(id, id)
  await copy(notification, channel, target, now, repositories)
  const behind = about === null ? [] : await notifications.behind(notification)
  for (const next of behind) await copy(next, channel, target, now, repositories)
}

/** What of one channel is late goes by the other one. Returns when the next will be late, ms; null when nothing fails. */
const lateOf = async (
  id: number,
  afterMs: number,
  now: number,
  { storage, channels }: FallbackDeps,
): Promise<number | null> => {
  const since = await storage.notifications.undeliveredSince(id)
  if (since === null || since + afterMs > now) return since === null ? null : since + afterMs
  await storage.transaction(async (repositories) => {
    const late = await repositories.notifications.undelivered(id, now - afterMs, BATCH)
    for (const notification of late) await fallBack(notification, channels(), now, repositories)
  })
  return null
}

/**
 * Sends by another channel what one with a fallback has not delivered for too long. Returns when to look again, ms; null
 * when nothing fails.
 */
export const fallBackLate = async (now: number, deps: FallbackDeps): Promise<number | null> => {
  const next: number[] = []
  for (const channel of deps.channels()) {
    if (!channel.fallback || !standInOf(channel, deps.channels())) continue
    const at = await lateOf(channel.id, channel.fallback.afterMs, now, deps)
    if (at !== null) next.push(at)
  }
  return next.length === 0 ? null : Math.min(...next)
}
