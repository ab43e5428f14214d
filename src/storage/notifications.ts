import { randomUUIDv7 } from 'node:crypto'
import type { Attempt } from '#core/attempt.ts'
import type { DeliveryFailure } from '#core/channel.ts'
import type { Notification, NotificationStatus } from '#core/notification.ts'
import type { NotifyReason } from '#core/notify-reason.ts'
import type { Database } from './database.ts'
import type { Engine } from './migrate.ts'
import { fromRow } from './notification-row.ts'
import { createOutbox } from './outbox.ts'
import { createStatements } from './statements.ts'

export interface NewNotification {
  readonly alertId: number | null
  readonly channelId: number
  readonly reason: NotifyReason
  /** JSON value: the facts at the time of the decision. */
  readonly payload: object
  readonly createdAt: number
  /** When it may leave; absent: at once. */
  readonly nextAttemptAt?: number
}

export interface NotificationFilter {
  readonly statuses?: readonly NotificationStatus[]
  readonly channelId?: number
  /** Id of the last one seen. */
  readonly before?: number
  readonly limit: number
}

const COLUMNS = [
  'uid',
  'alert_id',
  'channel_id',
  'reason',
  'status',
  'payload',
  'created_at',
  'next_attempt_at',
] as const

const valuesOf = (notification: NewNotification): readonly unknown[] => [
  // Ordered by time: a random one would touch a page of the index of its own for every message.
  randomUUIDv7(),
  notification.alertId,
  notification.channelId,
  notification.reason,
  'pending',
  JSON.stringify(notification.payload),
  notification.createdAt,
  notification.nextAttemptAt ?? notification.createdAt,
]

/** The outbox and the history of notifications in one table. */
export const createNotifications = (db: Database, engine: Engine) => {
  const statements = createStatements(db, engine)
  return {
    ...createOutbox(db, engine),

    insert: (notifications: readonly NewNotification[]): Promise<number[]> =>
      statements.insert('notifications', COLUMNS, notifications, valuesOf),

    /** Channels that hold or received something of this alert, so that they also hear of its end. */
    channelsTold: async (alertId: number): Promise<number[]> => {
      const rows = await db
        .selectFrom('notifications')
        .select('channel_id')
        .distinct()
        .where('alert_id', '=', alertId)
        .where('status', 'not in', ['failed', 'cancelled'])
        .execute()
      return rows.map(({ channel_id }) => channel_id)
    },

    membersOf: async (digestId: number): Promise<Notification[]> => {
      const rows = await db
        .selectFrom('notifications')
        .selectAll()
        .where('digest_id', '=', digestId)
        .orderBy('id')
        .execute()
      return rows.map(fromRow)
    },

    /** References of what was delivered earlier of this alert on this channel, oldest first. */
    references: async (alertId: number, channelId: number): Promise<string[]> => {
      const rows = await statements.rows<{ reference: string }>(
        'select reference from notifications where alert_id = ? and channel_id = ? and reference is not null order by id',
        [alertId, channelId],
      )
      return rows.map(({ reference }) => reference)
    },

    byId: async (id: number): Promise<Notification | undefined> => {
      const row = await db.selectFrom('notifications').selectAll().where('id', '=', id).executeTakeFirst()
      return row && fromRow(row)
    },

    /** Newest first. */
    list: async ({ statuses, limit, before, channelId }: NotificationFilter) => {
      let query = db.selectFrom('notifications').selectAll().orderBy('id', 'desc').limit(limit)
      if (statuses) query = query.where('status', 'in', statuses)
      if (before !== undefined) query = query.where('id', '<', before)
      if (channelId !== undefined) query = query.where('channel_id', '=', channelId)
      return (await query.execute()).map(fromRow)
    },

    /** Oldest first. */
    ofAlert: async (alertId: number): Promise<Notification[]> => {
      const rows = await db
        .selectFrom('notifications')
        .selectAll()
        .where('alert_id', '=', alertId)
        .orderBy('id')
        .limit(1000)
        .execute()
      return rows.map(fromRow)
    },

    attemptsOf: async (notificationId: number): Promise<Attempt[]> => {
      const rows = await db
        .selectFrom('attempts')
        .selectAll()
        .where('notification_id', '=', notificationId)
        .orderBy('id')
        .execute()
      return rows.map((row) => ({
        at: row.at,
        durationMs: row.duration_ms,
        ok: row.ok === 1,
        code: row.code,
        failure: row.failure as DeliveryFailure | null,
        error: row.error,
        response: row.response,
      }))
    },

    /** How many there are of each status. */
    counts: async (): Promise<Partial<Record<NotificationStatus, number>>> => {
      const rows = await db
        .selectFrom('notifications')
        .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
        .groupBy('status')
        .execute()
      return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]))
    },
  }
}
