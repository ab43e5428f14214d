import type { Migration } from './migration.ts'

/** Work that is done again and again: when, and how it went last. */
export const schedules: Migration = {
  name: '0005-schedules',
  up: async ({ schema }) => {
    await schema
      .createTable('schedules')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('enabled', 'integer', (column) => column.notNull())
      .addColumn('timing', 'text', (column) => column.notNull())
      .addColumn('started_at', 'bigint')
      .addColumn('finished_at', 'bigint')
      .addColumn('ok', 'integer')
      .addColumn('result', 'text')
      .execute()
  },
}
