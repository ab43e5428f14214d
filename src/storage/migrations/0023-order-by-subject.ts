import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/**
 * The outbox keeps the order of messages by what they are about and by channel, over all episodes; a digest keeps that of
 * each thing it tells of. What waits already keeps the order within its alert. What holds a message back is noted with it.
 */
export const orderBySubject: Migration = {
  name: '0023-order-by-subject',
  up: async ({ schema, run }) => {
    await schema.alterTable('notifications').addColumn('about', 'bigint').execute()
    await schema.alterTable('notifications').addColumn('held_for', 'text').execute()
    await run("update notifications set held_for = 'quiet' where status = 'held'")
    await run("update notifications set about = -alert_id where status in ('pending', 'held')")
    await schema.dropIndex('notifications_order').execute()
    const status = sql.ref('status')
    await schema
      .createIndex('notifications_order')
      .on('notifications')
      .columns(['about', 'channel_id', 'id'])
      .where(status, 'in', ['pending', 'held'])
      .execute()
    await schema
      .createIndex('notifications_digests')
      .on('notifications')
      .columns(['channel_id', 'id'])
      .where(status, '=', 'pending')
      .where(sql.ref('reason'), '=', 'digest')
      .execute()
  },
}
