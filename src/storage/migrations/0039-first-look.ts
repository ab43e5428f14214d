import type { Migration } from './migration.ts'

/** When somebody first looked at an alert: opened it, or did something about it. */
export const firstLook: Migration = {
  name: '0039-first-look',
  up: async ({ schema }) => {
    await schema.alterTable('alerts').addColumn('first_look_at', 'bigint').execute()
  },
}
