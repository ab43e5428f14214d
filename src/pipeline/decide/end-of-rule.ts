import { tellsEnd } from '#core/alert/notify-reason.ts'
import { aboutOf } from '#core/event/about.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import { notificationFacts } from '#core/message/notification-facts.ts'
import type { WrittenRule } from '#core/rule/rule-spec.ts'
import type { Repositories } from '#storage/index.ts'

/** Ends the open alerts of a rule that is gone, is disabled, or looks at other events from now on. */
export type EndOfRule = (before: WrittenRule, now: number, repositories: Repositories) => Promise<void>

/** People know who took a rule out, and hear nothing; a channel that machines read would keep its alerts for ever. */
export const createEndOfRule =
  (forPeople: (channel: Channel) => boolean): EndOfRule =>
  async (before, now, { alerts, notifications, channels, monitors }) => {
    const open = await alerts.firingOfRule(before.id)
    await alerts.endOfRule(before.id, now)
    if (open.length === 0) return
    const machines = new Set((await channels.list()).filter((channel) => !forPeople(channel)).map(({ id }) => id))
    for (const firing of open) {
      const alert = { ...firing, status: 'resolved', resolvedAt: now, resolvedBy: 'removed', nextDueAt: null } as const
      if (alert.lastToldAt === null || !tellsEnd(before, alert)) continue
      const told = (await notifications.channelsHearing(alert.id)).filter((id) => machines.has(id))
      if (told.length === 0) continue
      const monitor = alert.monitorId === null ? undefined : await monitors.byId(alert.monitorId)
      const payload = notificationFacts(alert, undefined, monitor, before)
      const shared = { alertId: alert.id, about: aboutOf(alert), reason: 'resolved', payload, createdAt: now } as const
      await notifications.insert(told.map((channelId) => ({ ...shared, channelId })))
    }
  }
