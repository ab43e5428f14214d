import type { Migration } from './migration.ts'

/** An alert's page shows what was decided about it. */
export const decisionsByAlert: Migration = {
  name: '0020-decisions-by-alert',
  up: async ({ schema }) => {
    await schema.createIndex('decisions_by_alert').on('decisions').column('alert_id').execute()
  },
}
