import type { Migration } from './migration.ts'

/** Which of a message's several recipients have it already, so that only the others are tried again. */
export const served: Migration = {
  name: '0022-served',
  up: async ({ schema }) => {
    await schema.alterTable('notifications').addColumn('served', 'text').execute()
  },
}
