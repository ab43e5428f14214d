import type { Channel } from '#core/message/channel-spec.ts'
import type { WrittenRule } from '#core/rule/rule-spec.ts'
import type { Repositories } from '#storage/index.ts'
import { tellEnd } from './tell-end.ts'

/** Ends the open alerts of a rule that is gone, is disabled, or looks at other events from now on. */
export type EndOfRule = (before: WrittenRule, now: number, repositories: Repositories) => Promise<void>

/** People know who took a rule out, and hear nothing; a channel that machines read would keep its alerts for ever. */
export const createEndOfRule =
  (forPeople: (channel: Channel) => boolean): EndOfRule =>
  async (before, now, repositories) => {
    const { alerts, notifications, channels, monitors } = repositories
    const open = await alerts.firingOfRule(before.id)
    await alerts.endOfRule(before.id, now)
    if (open.length === 0) return
    const machines = new Set((await channels.list()).filter((channel) => !forPeople(channel)).map(({ id }) => id))
    for (const firing of open) {
      const alert = { ...firing, status: 'resolved', resolvedAt: now, resolvedBy: 'removed', nextDueAt: null } as const
      const channelIds = (await notifications.channelsHearing(alert.id)).filter((id) => machines.has(id))
      const monitor = alert.monitorId === null ? undefined : await monitors.byId(alert.monitorId)
      await tellEnd({ alert, rule: before, monitor, channelIds }, now, repositories)
    }
  }
