import { because } from '#core/cause/cause.ts'
import type { NewEvent } from '#core/event/event.ts'
import { OWN_SOURCE } from '#pipeline/decide/ingest.ts'
import { saidFields } from '#templates/said.ts'

/** That a table lost so much that it waits for a yes, or does so no more. */
export const tableEvent = (
  table: string,
  waiting: { readonly lost: number; readonly of: number } | undefined,
  at: number,
): NewEvent => ({
  type: 'vigia_table',
  source: OWN_SOURCE,
  severity: 'MEDIUM',
  subject: table,
  at,
  receivedAt: at,
  monitorId: null,
  data: waiting
    ? {
        status: 'firing',
        ...waiting,
        ...saidFields(because('table_lost_rows', { table, lost: waiting.lost, of: waiting.of })),
      }
    : { status: 'resolved', ...saidFields(because('table_taken', { table })) },
})
