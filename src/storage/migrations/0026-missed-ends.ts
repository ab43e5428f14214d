import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** What a channel missed while it was gone or disabled, found when it is back: few among all that was ever told. */
export const missedEnds: Migration = {
  name: '0026-missed-ends',
  up: async ({ schema }) => {
    await schema
      .createIndex('notifications_missed')
      .on('notifications')
      .columns(['channel_id', 'id'])
      .where(sql.ref('status'), '=', 'failed')
      .where(sql.ref('failure'), '=', 'bad_configuration')
      .execute()
  },
}
