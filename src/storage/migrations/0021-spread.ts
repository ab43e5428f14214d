import type { Migration } from './migration.ts'

/** How the answers of a round of several packets lie, as `packSpread` puts it, on a server that several nodes share. */
export const spread: Migration = {
  name: '0021-spread',
  up: async ({ schema, engine }) => {
    if (engine === 'sqlite') return
    await schema.alterTable('results').addColumn('spread', 'bigint').execute()
  },
}
