import { because } from '#core/cause/cause.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { Sealer } from '#storage/seal.ts'
import { openSecrets } from '#storage/secret-fields.ts'
import type { EntryDeps } from './monitor-entry.ts'

/** Why a monitor is not looked at, as its results say. */
const LOCKED = {
  key_missing: because('sealing_key_missing'),
  damaged: because('secrets_damaged'),
} as const

/** The same for a passive monitor, whose address is made from a key. */
const PUSH_LOCKED = because('push_key_missing')

/**
 * Makes the secrets of a stored monitor readable; one whose secrets do not open is `locked`, and is not looked at. So is a
 * passive one, of a file too, where nobody knows its address: `callable` is false then.
 */
export const openMonitor = (
  monitor: Monitor,
  { probeTypes }: Pick<EntryDeps, 'probeTypes'>,
  sealer: () => Sealer,
  callable = true,
): Monitor => {
  const type = probeTypes.get(monitor.type)
  if (type?.judge && !callable) return { ...monitor, locked: PUSH_LOCKED }
  if (!type || monitor.origin !== undefined) return monitor
  const opened = openSecrets(type.options, monitor.options, sealer())
  if (opened.ok) return { ...monitor, options: opened.value }
  // Of a time before secrets were sealed.
  if (opened.reason === 'damaged' && !JSON.stringify(monitor.options).includes('"sealed:1:')) return monitor
  return { ...monitor, locked: LOCKED[opened.reason] }
}
