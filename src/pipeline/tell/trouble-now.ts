import type { Alert } from '#core/alert/alert.ts'
import type { Repositories } from '#storage/index.ts'

/** What is in trouble by now of that which an alert was about. */
export interface TroubleNow {
  /** Absent of a monitor that is in trouble of which no alert is open: it is in planned work, or no rule looks at it. */
  readonly open?: Alert
}

/**
 * What is in trouble by now of that which an alert was about: under its own rule, else under another one of the same monitor,
 * of which a channel that is told of the end may hear nothing, else by how its monitor was seen last. Undefined: nothing.
 */
export const troubleNow = async (
  { fingerprint, monitorId }: Pick<Alert, 'fingerprint' | 'monitorId'>,
  { alerts, states }: Pick<Repositories, 'alerts' | 'states'>,
): Promise<TroubleNow | undefined> => {
  const own = await alerts.openOf(fingerprint)
  if (own) return { open: own }
  if (monitorId === null) return undefined
  const open = (await alerts.firingOfMonitor(monitorId)).at(-1)
  if (open) return { open }
  const [seen] = await states.some([monitorId])
  return seen?.beneath === 'down' || seen?.beneath === 'degraded' ? {} : undefined
}
