import type { Selectable } from 'kysely'
import type { VigiaEvent } from '#core/event.ts'
import type { Severity } from '#core/severity.ts'
import type { EventsTable } from './tables.ts'

export const fromRow = (row: Selectable<EventsTable>): VigiaEvent => ({
  id: row.id,
  type: row.type,
  source: row.source,
  severity: row.severity as Severity,
  subject: row.subject,
  at: row.at,
  receivedAt: row.received_at,
  monitorId: row.monitor_id,
  data: JSON.parse(row.data),
})
