import type { Migration } from './migration.ts'

/** Who is on duty when, who said that they are, and which gaps people were told of. */
export const duty: Migration = {
  name: '0035-duty',
  up: async ({ schema, id }) => {
    await id(schema.createTable('duty_entries'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('entry', 'text', (column) => column.notNull())
      .execute()
    await schema.createIndex('duty_entries_by_name').on('duty_entries').columns(['kind', 'name']).unique().execute()
    await id(schema.createTable('duty_takeovers'))
      .addColumn('list', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('starts_at', 'bigint', (column) => column.notNull())
      .addColumn('ends_at', 'bigint', (column) => column.notNull())
      .addColumn('said_by', 'text', (column) => column.notNull())
      .execute()
    await schema.createIndex('duty_takeovers_by_end').on('duty_takeovers').column('ends_at').execute()
    await id(schema.createTable('duty_gaps_told'))
      .addColumn('list', 'text', (column) => column.notNull())
      .addColumn('starts_at', 'bigint', (column) => column.notNull())
      .addColumn('ends_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema.createIndex('duty_gaps_told_by_end').on('duty_gaps_told').columns(['list', 'ends_at']).execute()
  },
}
