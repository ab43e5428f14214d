import type { Channel } from '#core/message/channel-spec.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { Repositories } from '#storage/index.ts'
import { tellEnd } from './tell-end.ts'

/** Ends the open alerts of a monitor whose subject is gone: it is taken out, or watches something else from now on. */
export type EndOfMonitor = (
  before: Monitor,
  why: 'removed' | 'changed',
  now: number,
  repositories: Repositories,
) => Promise<void>

/**
 * Of a monitor that watches something else the end is told where its trouble was. Of one that is taken out people are told
 * nothing, for they know; a channel that machines read is told, or it would keep the trouble for ever.
 */
export const createEndOfMonitor =
  (forPeople: (channel: Channel) => boolean): EndOfMonitor =>
  async (before, why, now, repositories) => {
    const { alerts, notifications, channels, rules } = repositories
    const open = await alerts.firingOfMonitor(before.id)
    if (open.length === 0) return
    const known = new Map((await channels.list()).map((channel) => [channel.id, channel]))
    const isTold = (id: number) => {
      const channel = known.get(id)
      return why === 'changed' || (channel !== undefined && !forPeople(channel))
    }
    for (const { id } of open) {
      const over = { status: 'resolved', resolvedAt: now, resolvedBy: why, updatedAt: now } as const
      const alert = await alerts.update(id, { ...over, nextDueAt: null, resolveAt: null })
      const written = alert.ruleId === null ? undefined : await rules.byId(alert.ruleId)
      const rule = written ?? { id: null, name: null, notifyRecovery: before.notifyRecovery }
      const channelIds = (await notifications.channelsHearing(id)).filter(isTold)
      await tellEnd({ alert, rule, monitor: before, channelIds }, now, repositories)
    }
  }
