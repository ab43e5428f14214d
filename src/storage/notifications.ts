import { randomUUID } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import type { Attempt } from '#core/attempt.ts'
import type { DeliveryFailure } from '#core/channel.ts'
import type { Notification, NotificationStatus } from '#core/notification.ts'
import type { NotifyReason } from '#core/notify-reason.ts'
import type { Database } from './database.ts'
import { chunks, idOf } from './database.ts'
import type { Engine } from './migrate.ts'
import type { AttemptsTable, NotificationsTable } from './tables.ts'

type Row = Selectable<NotificationsTable>

const fromRow = (row: Row): Notification => ({
  id: row.id,
  uid: row.uid,
  alertId: row.alert_id,
  channelId: row.channel_id,
  reason: row.reason as NotifyReason,
  status: row.status as NotificationStatus,
  payload: JSON.parse(row.payload),
  createdAt: row.created_at,
  nextAttemptAt: row.next_attempt_at,
  leaseUntil: row.lease_until,
  attempts: row.attempts,
  firstAttemptAt: row.first_attempt_at,
  deliveredAt: row.delivered_at,
  failure: row.failure as DeliveryFailure | null,
  error: row.error,
  response: row.response,
  reference: row.reference,
  digestId: row.digest_id,
})

const attemptFromRow = (row: Selectable<AttemptsTable>): Attempt => ({
  at: row.at,
  durationMs: row.duration_ms,
  ok: row.ok === 1,
  code: row.code,
  failure: row.failure as DeliveryFailure | null,
  error: row.error,
  response: row.response,
})

export interface NewNotification {
  readonly alertId: number | null
  readonly channelId: number
  readonly reason: NotifyReason
  /** JSON value: the facts at the time of the decision. */
  readonly payload: object
  readonly createdAt: number
}

export interface Claim {
  readonly channelId: number
  readonly now: number
  readonly leaseMs: number
  readonly limit: number
}

export interface NotificationFilter {
  readonly statuses?: readonly NotificationStatus[]
  readonly channelId?: number
  /** Id of the last one seen. */
  readonly before?: number
  readonly limit: number
}

const WAITING = ['pending', 'held'] as const

/** The outbox and the history of notifications in one table. */
export const createNotifications = (db: Database, engine: Engine) => {
  const insert = async (notifications: readonly NewNotification[]): Promise<number[]> => {
    const ids: number[] = []
    for (const part of chunks(notifications)) {
      const rows = part.map((notification) => ({
        uid: randomUUID(),
        alert_id: notification.alertId,
        channel_id: notification.channelId,
        reason: notification.reason,
        status: 'pending',
        payload: JSON.stringify(notification.payload),
        created_at: notification.createdAt,
        next_attempt_at: notification.createdAt,
      }))
      const inserted = await db.insertInto('notifications').values(rows).returning('id').execute()
      ids.push(...inserted.map(idOf))
    }
    return ids
  }

  const recordAttempt = async (id: number, attempt: Attempt) => {
    await db
      .insertInto('attempts')
      .values({
        notification_id: id,
        at: attempt.at,
        duration_ms: Math.round(attempt.durationMs),
        ok: attempt.ok ? 1 : 0,
        code: attempt.code,
        failure: attempt.failure,
        error: attempt.error,
        response: attempt.response,
      })
      .execute()
  }

  return {
    insert,

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

    /** Channels with something to send now. */
    dueChannels: async (now: number): Promise<number[]> => {
      const rows = await db
        .selectFrom('notifications')
        .select('channel_id')
        .distinct()
        .where('status', '=', 'pending')
        .where('next_attempt_at', '<=', now)
        .execute()
      return rows.map(({ channel_id }) => channel_id)
    },

    /** Channels for which anything waits, held back or not. */
    waitingChannels: async (): Promise<number[]> => {
      const rows = await db
        .selectFrom('notifications')
        .select('channel_id')
        .distinct()
        .where('status', 'in', WAITING)
        .execute()
      return rows.map(({ channel_id }) => channel_id)
    },

    /** When the next pending notification becomes due after `now`, ms; null when none does. */
    nextDueAt: async (now: number): Promise<number | null> => {
      const row = await db
        .selectFrom('notifications')
        .select(({ fn }) => fn.min('next_attempt_at').as('at'))
        .where('status', '=', 'pending')
        .where('next_attempt_at', '>', now)
        .executeTakeFirst()
      return row?.at ?? null
    },

    /** When the oldest notification that still waits was decided, ms; null when the outbox is empty. */
    oldestPending: async (): Promise<number | null> => {
      const row = await db
        .selectFrom('notifications')
        .select(({ fn }) => fn.min('created_at').as('at'))
        .where('status', '=', 'pending')
        .executeTakeFirst()
      return row?.at ?? null
    },

    /**
     * Takes due notifications of a channel for `leaseMs` and counts the attempt. Nobody else gets them meanwhile; a
     * lease that ends without an answer (the process was killed) makes them free again. Within one alert and channel
     * the order is kept: nothing is handed out while an earlier one still waits.
     */
    claim: async ({ channelId, now, leaseMs, limit }: Claim): Promise<Notification[]> => {
      let due = db
        .selectFrom('notifications as n')
        .select('n.id')
        .where('n.status', '=', 'pending')
        .where('n.channel_id', '=', channelId)
        .where('n.next_attempt_at', '<=', now)
        .where(({ or, eb }) => or([eb('n.lease_until', 'is', null), eb('n.lease_until', '<=', now)]))
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('notifications as earlier')
                .select('earlier.id')
                .whereRef('earlier.alert_id', '=', 'n.alert_id')
                .whereRef('earlier.channel_id', '=', 'n.channel_id')
                .whereRef('earlier.id', '<', 'n.id')
                .where('earlier.status', 'in', WAITING),
            ),
          ),
        )
        .orderBy('n.id')
        .limit(limit)
      if (engine === 'postgres') due = due.forUpdate().skipLocked()
      const rows = await db
        .updateTable('notifications')
        .set({
          lease_until: now + leaseMs,
          attempts: sql`attempts + 1`,
          first_attempt_at: sql`coalesce(first_attempt_at, ${now})`,
        })
        .where('id', 'in', due)
        .returningAll()
        .execute()
      return rows.map(fromRow).sort((a, b) => a.id - b.id)
    },

    delivered: async (id: number, attempt: Attempt, reference: string | null): Promise<void> => {
      await recordAttempt(id, attempt)
      await db
        .updateTable('notifications')
        .set({
          status: 'delivered',
          delivered_at: Math.round(attempt.at + attempt.durationMs),
          next_attempt_at: null,
          lease_until: null,
          failure: null,
          error: attempt.error,
          response: attempt.response,
          reference,
        })
        .where('id', '=', id)
        .execute()
    },

    /** Keeps it for another try at `at`. */
    retry: async (id: number, attempt: Attempt, at: number): Promise<void> => {
      await recordAttempt(id, attempt)
      const { failure, error, response } = attempt
      await db
        .updateTable('notifications')
        .set({ next_attempt_at: at, lease_until: null, failure, error, response })
        .where('id', '=', id)
        .execute()
    },

    failed: async (id: number, attempt: Attempt): Promise<void> => {
      await recordAttempt(id, attempt)
      const { failure, error, response } = attempt
      await db
        .updateTable('notifications')
        .set({ status: 'failed', next_attempt_at: null, lease_until: null, failure, error, response })
        .where('id', '=', id)
        .execute()
    },

    /** Takes back a claim that led to no attempt. */
    release: async (id: number): Promise<void> => {
      await db
        .updateTable('notifications')
        .set({ lease_until: null, attempts: sql`attempts - 1` })
        .where('id', '=', id)
        .execute()
    },

    /** Pending and held ones of a channel that nobody is sending at this moment, oldest first. */
    waiting: async (channelId: number, now: number): Promise<Notification[]> => {
      const rows = await db
        .selectFrom('notifications')
        .selectAll()
        .where('channel_id', '=', channelId)
        .where('status', 'in', WAITING)
        .where(({ or, eb }) => or([eb('lease_until', 'is', null), eb('lease_until', '<=', now)]))
        .orderBy('id')
        .execute()
      return rows.map(fromRow)
    },

    /** Times (ms) at which messages left on a channel after `since`, those under way counted as now. */
    sentAt: async (channelId: number, since: number, now: number): Promise<number[]> => {
      const delivered = await db
        .selectFrom('notifications')
        .select('delivered_at as at')
        .where('channel_id', '=', channelId)
        .where('delivered_at', '>', since)
        .where('reason', '!=', 'test')
        .execute()
      const underWay = await db
        .selectFrom('notifications')
        .select('id')
        .where('channel_id', '=', channelId)
        .where('status', '=', 'pending')
        .where('lease_until', '>', now)
        .execute()
      return [...delivered.map(({ at }) => at!), ...underWay.map(() => now)]
    },

    hold: async (ids: readonly number[]): Promise<void> => {
      for (const part of chunks(ids))
        await db.updateTable('notifications').set({ status: 'held' }).where('id', 'in', part).execute()
    },

    /** Marks notifications as told by another one (a digest). */
    toldBy: async (ids: readonly number[], digestId: number): Promise<void> => {
      for (const part of chunks(ids))
        await db
          .updateTable('notifications')
          .set({ status: 'digested', digest_id: digestId, next_attempt_at: null })
          .where('id', 'in', part)
          .execute()
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
      const rows = await db
        .selectFrom('notifications')
        .select('reference')
        .where('alert_id', '=', alertId)
        .where('channel_id', '=', channelId)
        .where('reference', 'is not', null)
        .orderBy('id')
        .execute()
      return rows.map(({ reference }) => reference!)
    },

    /** Puts a failed one back into the outbox, as new. False when there is none such. */
    replay: async (id: number, now: number): Promise<boolean> => {
      const result = await db
        .updateTable('notifications')
        .set({ status: 'pending', next_attempt_at: now, lease_until: null, attempts: 0, first_attempt_at: null })
        .where('id', '=', id)
        .where('status', 'in', ['failed', 'cancelled'])
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },

    /** At a start of the only process: what another run had taken is free, what waits for a retry goes at once. */
    releaseAll: async (now: number): Promise<void> => {
      await db
        .updateTable('notifications')
        .set({ lease_until: null, next_attempt_at: now })
        .where('status', '=', 'pending')
        .execute()
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
