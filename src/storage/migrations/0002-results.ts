import type { Migration } from './migration.ts'

/** Results on a server that several nodes share; the embedded engine keeps them in a file of their own. */
export const results: Migration = {
  name: '0002-results',
  up: async ({ schema, engine }) => {
    if (engine === 'sqlite') return
    await schema
      .createTable('results')
      .addColumn('monitor_id', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('latency_us', 'bigint')
      .addColumn('code', 'smallint', (column) => column.notNull())
      .addColumn('loss', 'smallint')
      .execute()
    await schema.createIndex('results_monitor_at').on('results').columns(['monitor_id', 'at']).execute()
    await schema.createIndex('results_at').on('results').column('at').execute()
  },
}
