import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** What people write down for those who come after them, and what closed within a shift. */
export const shiftLog: Migration = {
  name: '0034-shift-log',
  up: async ({ schema, id }) => {
    await id(schema.createTable('shift_lines'))
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('written_by', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('ticket', 'text', (column) => column.notNull())
      .addColumn('pinned', 'integer', (column) => column.notNull())
      .addColumn('done_at', 'bigint')
      .addColumn('done_by', 'text')
      .addColumn('alert_id', 'bigint')
      .addColumn('monitor_id', 'bigint')
      .execute()
    for (const column of ['alert_id', 'monitor_id'])
      await schema
        .createIndex(`shift_lines_by_${column}`)
        .on('shift_lines')
        .columns([column, 'id'])
        .where(sql.ref(column), 'is not', null)
        .execute()
    // What is open or waits to be signed is little, however long the log.
    await schema
      .createIndex('shift_lines_pinned')
      .on('shift_lines')
      .column('id')
      .where(sql.ref('done_at'), 'is', null)
      .where(sql.ref('pinned'), '=', 1)
      .execute()
    await schema.createIndex('shift_lines_by_kind').on('shift_lines').columns(['kind', 'id']).execute()
    await schema
      .createIndex('alerts_by_end')
      .on('alerts')
      .column('resolved_at')
      .where(sql.ref('resolved_at'), 'is not', null)
      .execute()
  },
}
