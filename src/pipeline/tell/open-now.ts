import type { Alert } from '#core/alert/alert.ts'
import type { Repositories } from '#storage/index.ts'

/**
 * What is open by now of that which an alert was about: under its own rule, else under another one of the same monitor, of
 * which a channel that is told of the end may hear nothing.
 */
export const openNow = async (
  { fingerprint, monitorId }: Pick<Alert, 'fingerprint' | 'monitorId'>,
  { alerts }: Pick<Repositories, 'alerts'>,
): Promise<Alert | undefined> =>
  (await alerts.openOf(fingerprint)) ??
  (monitorId === null ? undefined : (await alerts.firingOfMonitor(monitorId)).at(-1))
