import type { Migration } from './migration.ts'

/** What was delivered in the last hours, and how much in all, without reading the attempts of a year. */
export const deliveryLog: Migration = {
  name: '0007-delivery-log',
  up: async ({ schema }) => {
    await schema.createIndex('attempts_by_time').on('attempts').column('at').execute()
    await schema
      .createTable('delivery_totals')
      .addColumn('channel_id', 'bigint', (column) => column.notNull())
      .addColumn('rule_id', 'bigint', (column) => column.notNull())
      .addColumn('attempts', 'bigint', (column) => column.notNull())
      .addColumn('successes', 'bigint', (column) => column.notNull())
      .addColumn('failures', 'bigint', (column) => column.notNull())
      .addColumn('last_success_at', 'bigint')
      .addColumn('tested', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('delivery_totals_key', ['channel_id', 'rule_id'])
      .execute()
  },
}
