import type { Migration } from './migration.ts'

/** What people were told last of an alert: how severe it was, and in which state its monitor. */
export const told: Migration = {
  name: '0024-told',
  up: async ({ schema }) => {
    await schema.alterTable('alerts').addColumn('told_severity', 'text').execute()
    await schema.alterTable('alerts').addColumn('told_state', 'text').execute()
  },
}
