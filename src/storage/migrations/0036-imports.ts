import type { Migration } from './migration.ts'

/** What came in from other tools: which thing of theirs became which of ours, and what they knew of earlier times. */
export const imports: Migration = {
  name: '0036-imports',
  up: async ({ schema }) => {
    await schema
      .createTable('imported_objects')
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('object', 'text', (column) => column.notNull())
      .addColumn('source_key', 'text', (column) => column.notNull())
      .addColumn('object_id', 'bigint', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('imported_objects_by_key', ['source', 'object', 'source_key'])
      .execute()
    await schema
      .createTable('imported_history')
      .addColumn('monitor_id', 'bigint', (column) => column.notNull())
      .addColumn('day', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('imported_history_of_monitor', ['monitor_id', 'day'])
      .execute()
  },
}
