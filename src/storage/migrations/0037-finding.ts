import type { Migration } from './migration.ts'

/** Why and until when a monitor is paused, and what each person keeps at hand. */
export const finding: Migration = {
  name: '0037-finding',
  up: async ({ schema, id }) => {
    for (const [column, type] of [
      ['paused_by', 'text'],
      ['pause_reason', 'text'],
      ['paused_until', 'bigint'],
    ] as const)
      await schema.alterTable('monitors').addColumn(column, type).execute()
    await id(schema.createTable('saved_filters'))
      .addColumn('user_id', 'bigint', (column) => column.notNull())
      .addColumn('page', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('filter', 'text', (column) => column.notNull())
      .execute()
    await schema
      .createIndex('saved_filters_by_user')
      .on('saved_filters')
      .columns(['user_id', 'page', 'name'])
      .unique()
      .execute()
    await schema
      .createTable('favourites')
      .addColumn('user_id', 'bigint', (column) => column.notNull())
      .addColumn('monitor_id', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('favourites_key', ['user_id', 'monitor_id'])
      .execute()
  },
}
