import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Alerts that ended because their monitor or rule was taken out are asked for after each change of what is configured. */
export const removedAlerts: Migration = {
  name: '0027-removed-alerts',
  up: async ({ schema }) => {
    await schema
      .createIndex('alerts_removed')
      .on('alerts')
      .column('resolved_at')
      .where(sql.ref('resolved_by'), '=', 'removed')
      .execute()
  },
}
