import type { Alert } from '#core/alert/alert.ts'
import { isUnseenEnd } from '#core/alert/unseen-end.ts'
import type { Repositories } from '#storage/index.ts'

/** What is in trouble by now of that which an alert was about. */
export interface TroubleNow {
  /**
   * Absent where no alert is open and it is in trouble all the same, or may be: a monitor in planned work, or at which no rule
   * looks; what began again and whose alert ended though nobody saw it well.
   */
  readonly open?: Alert
}

/** True when the last that is known of it is that it began again, and ended though nobody saw it well. */
const endedUnseen = async (
  { id, fingerprint }: Pick<Alert, 'id' | 'fingerprint'>,
  { alerts }: Pick<Repositories, 'alerts'>,
): Promise<boolean> => {
  const latest = await alerts.latestOf(fingerprint)
  return latest !== undefined && latest > id && isUnseenEnd((await alerts.byId(latest))?.resolvedBy)
}

/**
 * What is in trouble by now of that which an alert was about: under its own rule, else under another one of the same monitor,
 * of which a channel that is told of the end may hear nothing, else by how it was seen last. Undefined: nothing.
 */
export const troubleNow = async (
  alert: Pick<Alert, 'id' | 'fingerprint' | 'monitorId'>,
  { alerts, states }: Pick<Repositories, 'alerts' | 'states'>,
): Promise<TroubleNow | undefined> => {
  const { fingerprint, monitorId } = alert
  const own = await alerts.openOf(fingerprint)
  if (own) return { open: own }
  if (await endedUnseen(alert, { alerts })) return {}
  if (monitorId === null) return undefined
  const open = (await alerts.firingOfMonitor(monitorId)).at(-1)
  if (open) return { open }
  const [seen] = await states.some([monitorId])
  return seen?.beneath === 'down' || seen?.beneath === 'degraded' ? {} : undefined
}
