import type { Migration } from './migration.ts'

/** The last batch of results that each server has sent: one whose end was not heard of is sent again, and stands once. */
export const resultSenders: Migration = {
  name: '0028-result-senders',
  up: async ({ schema, engine }) => {
    if (engine === 'sqlite') return
    await schema
      .createTable('result_senders')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('batch', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute()
  },
}
