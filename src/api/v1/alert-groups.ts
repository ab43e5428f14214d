import { commonCauses, type Failed } from '#core/alert/common-cause.ts'
import type { Services } from '../services.ts'

/** Beyond so many the whole network is the cause. */
const MOST = 500

/** Open alerts that may have one cause, as a group each, with what they have in common. */
export const alertGroups = async ({ storage, cutOff, monitor, monitors }: Services) => {
  const standing = (await storage.alerts.outline()).filter(
    ({ monitorId }) => monitorId !== null && !cutOff().has(monitorId),
  )
  const alerts = await storage.alerts.some(standing.slice(0, MOST).map(({ id }) => id))
  const failed = alerts.flatMap(({ id, monitorId, since, facts }): Failed[] => {
    const known = monitor(monitorId!)?.monitor
    if (!known) return []
    return [{ alert: id, since, parents: (known.parents ?? []).flat(), lastHop: facts.last_hop, labels: known.labels }]
  })
  if (failed.length < 2) return []
  const carrying = (name: string, value: string) =>
    monitors().filter(({ monitor: { labels } }) => labels[name] === value).length
  return commonCauses(failed, carrying)
}
