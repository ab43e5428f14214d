import { randomUUIDv7 } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { NotifyReason } from '#core/alert/notify-reason.ts'
import type { DeliveryFailure } from '#core/channel.ts'
import type { Attempt } from '#core/message/attempt.ts'
import type { Notification, NotificationStatus } from '#core/message/notification.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'
import { octets, type Page, pageOf } from './byte-page.ts'
import type { Database } from './database.ts'
import type { Engine } from './migrate.ts'
import { causeOf, fromRow } from './notification-row.ts'
import { createOutbox } from './outbox.ts'
import { createStatements } from './statements.ts'
import type { AttemptsTable } from './tables.ts'
import { createTold } from './told.ts'

const attemptFromRow = (row: Selectable<AttemptsTable>): Attempt => ({
  at: row.at,
  durationMs: row.duration_ms,
  ok: row.ok === 1,
  code: row.code,
  failure: row.failure as DeliveryFailure | null,
  error: row.error,
  ...causeOf(row),
  response: row.response,
})

export interface NewNotification {
  /** Absent: a new one. */
  readonly uid?: string
  readonly alertId: number | null
  /** What it is about (`core/event/about.ts`); absent: its alert alone. */
  readonly about?: number | null
  readonly channelId: number
  readonly reason: NotifyReason
  /** The facts at the time of the decision. */
  readonly payload: NotificationFacts
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

/** Numbers below 0 are those of alerts by themselves. */
const aboutWhat = ({ about, alertId }: NewNotification): number | null => about ?? (alertId === null ? null : -alertId)

const COLUMNS = [
  'uid',
  'alert_id',
  'channel_id',
  'reason',
  'status',
  'payload',
  'created_at',
  'next_attempt_at',
  'about',
] as const

const valuesOf = (notification: NewNotification): readonly unknown[] => [
  // Ordered by time: a random one would touch a page of the index of its own for every message.
  notification.uid ?? randomUUIDv7(),
  notification.alertId,
  notification.channelId,
  notification.reason,
  'pending',
  JSON.stringify(notification.payload),
  notification.createdAt,
  notification.nextAttemptAt ?? notification.createdAt,
  aboutWhat(notification),
]

/** The outbox and the history of notifications in one table. */
export const createNotifications = (db: Database, engine: Engine) => {
  const statements = createStatements(db, engine)

  /** Newest first, and of no more bytes than one answer may have. */
  const page = async ({ statuses, limit, before, channelId }: NotificationFilter): Promise<Page<Notification>> => {
    let query = db.selectFrom('notifications').orderBy('id', 'desc').limit(limit)
    if (statuses) query = query.where('status', 'in', statuses)
    if (before !== undefined) query = query.where('id', '<', before)
    if (channelId !== undefined) query = query.where('channel_id', '=', channelId)
    const sizes = await query.select(['id', octets('payload').as('bytes')]).execute()
    return pageOf(sizes, async (last) => (await query.selectAll().where('id', '>=', last).execute()).map(fromRow))
  }

  return {
    ...createOutbox(db, engine),
    ...createTold(db, statements, engine),

    insert: (notifications: readonly NewNotification[]): Promise<number[]> =>
      statements.insert('notifications', COLUMNS, notifications, valuesOf),

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

    /** Notes which copy tells it by another channel. */
    fellBack: async (id: number, copyId: number): Promise<void> => {
      await db.updateTable('notifications').set({ fallback_id: copyId }).where('id', '=', id).execute()
    },

    byId: async (id: number): Promise<Notification | undefined> => {
      const row = await db.selectFrom('notifications').selectAll().where('id', '=', id).executeTakeFirst()
      return row && fromRow(row)
    },

    page,

    /** Newest first. */
    list: async (filter: NotificationFilter): Promise<readonly Notification[]> => (await page(filter)).items,

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
      return rows.map(attemptFromRow)
    },

    /** The last `limit` attempts at telling of one alert, by notification, each in their order. */
    attemptsOfAlert: async (alertId: number, limit: number): Promise<Map<number, Attempt[]>> => {
      const rows = await db
        .selectFrom('attempts')
        .selectAll('attempts')
        .innerJoin('notifications', 'notifications.id', 'attempts.notification_id')
        .where('notifications.alert_id', '=', alertId)
        .orderBy('attempts.id', 'desc')
        .limit(limit)
        .execute()
      const grouped = Map.groupBy(rows.reverse(), ({ notification_id }) => notification_id)
      return new Map([...grouped].map(([id, attempts]) => [id, attempts.map(attemptFromRow)]))
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
