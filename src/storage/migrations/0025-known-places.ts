import type { Migration } from './migration.ts'

/** From where somebody signed in to an account before: hashes, the latest first. */
export const knownPlaces: Migration = {
  name: '0025-known-places',
  up: async ({ schema }) => {
    await schema
      .alterTable('users')
      .addColumn('known_places', 'text', (column) => column.notNull().defaultTo('[]'))
      .execute()
  },
}
