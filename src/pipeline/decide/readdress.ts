import type { Alert } from '#core/alert/alert.ts'
import type { Notification } from '#core/message/notification.ts'
import type { Repositories } from '#storage/index.ts'
import { knownElsewhere } from './known-elsewhere.ts'

/** Ends the uid of what goes to another channel because its own is gone. */
const MOVED_SUFFIX = '.moved'

/** Channels that hear of an alert now, by id. */
export type PresentChannels = (alert: Alert) => readonly number[]

const move = async (
  { id, uid, alertId, about, reason, payload, createdAt, channelId }: Notification,
  presentOf: PresentChannels,
  now: number,
  repositories: Repositories,
): Promise<void> => {
  const { alerts, notifications } = repositories
  const alert = alertId === null ? undefined : await alerts.byId(alertId)
  if (!alert) return
  const knowing = new Set(reason === 'resolved' ? [] : await knownElsewhere(alert, repositories))
  // What one channel was told first later than others, for it was new, is no news to those.
  if (reason === 'first')
    for (const id of await notifications.channelsHearing(alert.id, alert.facts.state)) knowing.add(id)
  for (const present of presentOf(alert)) {
    if (present === channelId || knowing.has(present)) continue
    if ((await notifications.sameOn(present, { alertId, reason, createdAt })) !== undefined) continue
    await notifications.insert([
      {
        uid: `${uid}${MOVED_SUFFIX}${present}`,
        alertId,
        about,
        channelId: present,
        reason,
        payload: { ...payload, movedFrom: id },
        createdAt,
        nextAttemptAt: now,
      },
    ])
  }
}

/**
 * What was to go by a channel that is gone goes to those that hear of its alert now, where they were not told the same, nor
 * know of the same trouble already.
 */
export const readdress = async (
  notification: Notification,
  presentOf: PresentChannels,
  now: number,
  repositories: Repositories,
): Promise<void> => {
  if (notification.reason === 'test') return
  const { notifications } = repositories
  const members = notification.reason === 'digest' ? await notifications.membersOf(notification.id) : [notification]
  for (const one of members) await move(one, presentOf, now, repositories)
}
