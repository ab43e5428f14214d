import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** To whom an alert was escalated, and by which copy a message went that its own channel could not deliver. */
export const attention: Migration = {
  name: '0010-attention',
  up: async ({ schema }) => {
    await schema.alterTable('alerts').addColumn('escalated', 'text').execute()
    // Escalation asks each second for open alerts of an age, however many are over.
    await schema
      .createIndex('alerts_open')
      .on('alerts')
      .columns(['opened_at', 'id'])
      .where(sql.ref('status'), '=', 'firing')
      .execute()
    await schema.alterTable('notifications').addColumn('fallback_id', 'bigint').execute()
  },
}
