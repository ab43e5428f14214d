import type { Migration } from './migration.ts'

/** Where monitors and sites are on the map, in millionths of a degree. */
export const places: Migration = {
  name: '0038-places',
  up: async ({ schema, id }) => {
    await id(schema.createTable('places'))
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('lat', 'integer', (column) => column.notNull())
      .addColumn('lon', 'integer', (column) => column.notNull())
      .execute()
  },
}
