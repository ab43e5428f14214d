import type { NewEvent } from '#core/event.ts'
import { OWN_SOURCE } from './ingest.ts'

/** That a file of ours was damaged: the server goes on, and somebody should look at the disk. Ends by hand. */
export const VIGIA_STORAGE = 'vigia_storage'

/** The graphs' file was damaged, or was of another installation; `cause` says what became of it. */
export const historyDamaged = (cause: string, now: number): NewEvent => ({
  type: VIGIA_STORAGE,
  source: OWN_SOURCE,
  severity: 'HIGH',
  subject: 'Vigía',
  at: now,
  receivedAt: now,
  monitorId: null,
  data: { status: 'firing', about: 'history', since: now, cause },
})
