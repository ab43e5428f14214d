import type { Alert } from '#core/alert/alert.ts'
import type { Repositories } from '#storage/index.ts'

/** Channels that know of the trouble of a monitor, as it is now, by another of its alerts: a second rule adds channels, not a message. */
export const knownElsewhere = async (
  { id, monitorId, facts: { state } }: Pick<Alert, 'id' | 'monitorId' | 'facts'>,
  { alerts, notifications }: Pick<Repositories, 'alerts' | 'notifications'>,
): Promise<readonly number[]> => {
  if (monitorId === null) return []
  const others = (await alerts.firingOfMonitor(monitorId)).filter((other) => other.id !== id)
  return (await Promise.all(others.map((other) => notifications.channelsHearing(other.id, state)))).flat()
}
