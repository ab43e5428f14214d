import type { Alert } from '#core/alert/alert.ts'
import type { Repositories } from '#storage/index.ts'
import { type NotifyInput, tell } from './notify.ts'
import { quietContext } from './quiet-stages.ts'

type Store = Pick<Repositories, 'notifications' | 'alerts'>

/**
 * Channels of a rule that were told nothing of an alert, or last that it is over (a pause), or less severe than it has become: others know of it, by this rule
 * or by another of the same monitor.
 */
const newcomersOf = async (
  { id, monitorId, severity, facts: { state } }: Pick<Alert, 'id' | 'monitorId' | 'severity' | 'facts'>,
  channelIds: readonly number[],
  { notifications, alerts }: Store,
): Promise<readonly number[]> => {
  const addressed = new Set(await notifications.channelsAddressed(id, state, severity))
  const unaddressed = channelIds.filter((channelId) => !addressed.has(channelId))
  if (unaddressed.length === 0 || monitorId === null) return unaddressed
  for (const other of await alerts.firingOfMonitor(monitorId))
    for (const channelId of await notifications.channelsAddressed(other.id, state)) addressed.add(channelId)
  return unaddressed.filter((channelId) => !addressed.has(channelId))
}

/**
 * Tells an open alert to the channels that do not know of it: a channel that was added or enabled meanwhile, the machines to
 * which a pause had ended it. Returns whom it told.
 */
export const tellNewcomers = async (input: NotifyInput, repositories: Repositories): Promise<readonly number[]> => {
  const { alert, rule } = input
  if (alert.status !== 'firing' || alert.lastToldAt === null || quietContext(input).quiet) return []
  const channelIds = (await newcomersOf(alert, rule.channelIds, repositories)).filter(
    (id) => id !== alert.facts.channel_id,
  )
  if (channelIds.length === 0) return []
  const { lastToldAt, reminders, nextDueAt } = alert
  await tell({ reason: 'first', channelIds, patch: { lastToldAt, reminders, nextDueAt } }, alert, input, repositories)
  return channelIds
}
