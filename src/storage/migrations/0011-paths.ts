import type { Migration } from './migration.ts'

/** The way to each monitor's host, as it was seen last while it was well and while it failed. */
export const paths: Migration = {
  name: '0011-paths',
  up: async ({ schema }) => {
    await schema
      .createTable('paths')
      .addColumn('monitor_id', 'bigint', (column) => column.notNull().references('monitors.id'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('hops', 'text', (column) => column.notNull())
      .addColumn('reached', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('paths_of_monitor', ['monitor_id', 'kind'])
      .execute()
  },
}
