import type { Migration } from './migration.ts'

/**
 * Results that are older than their retention, on a server that several nodes share: summaries of minutes, hours and
 * days. The embedded engine keeps them in its file of results.
 */
export const gathered: Migration = {
  name: '0012-gathered',
  up: async ({ schema, engine }) => {
    if (engine === 'sqlite') return
    await schema
      .createTable('gathered')
      .addColumn('monitor_id', 'bigint', (column) => column.notNull())
      .addColumn('step', 'bigint', (column) => column.notNull())
      .addColumn('start', 'bigint', (column) => column.notNull())
      .addColumn('summary', 'bytea', (column) => column.notNull())
      .addPrimaryKeyConstraint('gathered_of_monitor', ['monitor_id', 'step', 'start'])
      .execute()
    await schema.createIndex('gathered_start').on('gathered').columns(['step', 'start']).execute()
  },
}
