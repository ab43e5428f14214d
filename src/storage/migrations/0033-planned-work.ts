import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Planned work that covers all behind it, and that is told before and after. */
export const plannedWork: Migration = {
  name: '0033-planned-work',
  up: async ({ schema }) => {
    for (const table of ['maintenance', 'maintenance_plans']) {
      await schema
        .alterTable(table)
        .addColumn('behind', 'integer', (column) => column.notNull().defaultTo(0))
        .execute()
      await schema
        .alterTable(table)
        .addColumn('note', 'text', (column) => column.notNull().defaultTo(''))
        .execute()
      await schema.alterTable(table).addColumn('tell', 'text').execute()
    }
    await schema
      .alterTable('maintenance')
      .addColumn('told', 'text', (column) => column.notNull().defaultTo(''))
      .execute()
    await schema.alterTable('maintenance').addColumn('tell_at', 'bigint').execute()
    // Most windows are told to nobody: those cost this index nothing.
    await schema
      .createIndex('maintenance_to_tell')
      .on('maintenance')
      .column('tell_at')
      .where(sql.ref('tell_at'), 'is not', null)
      .execute()
  },
}
