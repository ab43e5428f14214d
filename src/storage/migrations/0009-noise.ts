import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Windows that come again, silences that a file owns, and what a monitor's events are found by. */
export const noise: Migration = {
  name: '0009-noise',
  up: async ({ schema, id }) => {
    await schema.alterTable('silences').addColumn('origin', 'text').execute()
    await schema.alterTable('maintenance').addColumn('plan_id', 'bigint').execute()

    await id(schema.createTable('maintenance_plans'))
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('matchers', 'text', (column) => column.notNull())
      .addColumn('cron', 'text', (column) => column.notNull())
      .addColumn('duration_ms', 'bigint', (column) => column.notNull())
      .addColumn('time_zone', 'text', (column) => column.notNull())
      .addColumn('planned_until', 'bigint', (column) => column.notNull())
      .addColumn('created_by', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('removed_at', 'bigint')
      .addColumn('origin', 'text')
      .execute()

    // Only changes of monitors have one: the events of busy sources cost this index nothing.
    await schema
      .createIndex('events_by_monitor')
      .on('events')
      .columns(['monitor_id', 'id'])
      .where(sql.ref('monitor_id'), 'is not', null)
      .execute()
  },
}
