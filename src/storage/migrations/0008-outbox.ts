import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/**
 * Indexes for an outbox of any length: what is due on a channel, what waits of an alert, what is held. The engines use
 * a partial index only where a query says its condition in the same words.
 */
export const outbox: Migration = {
  name: '0008-outbox',
  up: async ({ schema }) => {
    const status = sql.ref('status')
    await schema.dropIndex('notifications_waiting').execute()
    await schema
      .createIndex('notifications_due')
      .on('notifications')
      .columns(['channel_id', 'next_attempt_at', 'id'])
      .where(status, '=', 'pending')
      .execute()
    await schema
      .createIndex('notifications_held')
      .on('notifications')
      .columns(['channel_id', 'id'])
      .where(status, '=', 'held')
      .execute()
    await schema
      .createIndex('notifications_order')
      .on('notifications')
      .columns(['alert_id', 'channel_id', 'id'])
      .where(status, 'in', ['pending', 'held'])
      .execute()
    await schema
      .createIndex('notifications_references')
      .on('notifications')
      .columns(['alert_id', 'channel_id', 'id'])
      .where(sql.ref('reference'), 'is not', null)
      .execute()
    // Alerts are listed by id; this one was written and never read.
    await schema.dropIndex('alerts_by_time').execute()
    await schema.dropIndex('notifications_delivered').execute()
    await schema
      .createIndex('notifications_delivered')
      .on('notifications')
      .columns(['channel_id', 'delivered_at'])
      .where(sql.ref('delivered_at'), 'is not', null)
      .execute()
  },
}
