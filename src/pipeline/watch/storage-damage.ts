import { because, type Cause } from '#core/cause/cause.ts'
import type { NewEvent } from '#core/event/event.ts'
import { saidFields } from '#templates/said.ts'
import { OWN_SOURCE } from '../decide/ingest.ts'

/** That a file of ours was damaged, or a key is missing: the server goes on, and somebody should see to it. */
export const VIGIA_STORAGE = 'vigia_storage'

const event = (data: NewEvent['data'], now: number): NewEvent => ({
  type: VIGIA_STORAGE,
  source: OWN_SOURCE,
  severity: 'HIGH',
  subject: 'Vigía',
  at: now,
  receivedAt: now,
  monitorId: null,
  data: { ...data, since: now },
})

/** The graphs' file was damaged, or was of another installation; `cause` says what became of it. Ends by hand. */
export const historyDamaged = (cause: Cause, now: number): NewEvent =>
  event({ status: 'firing', about: 'history', ...saidFields(cause) }, now)

/** Keys that sealed secrets are missing; none: they are all there again. */
export const keysMissing = (ids: readonly string[], now: number): NewEvent =>
  ids.length > 0
    ? event({ status: 'firing', about: 'keys', ...saidFields(because('keys_missing', { ids: ids.join(', ') })) }, now)
    : event({ status: 'resolved', about: 'keys', ...saidFields(because('keys_found')) }, now)
