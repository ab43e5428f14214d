import { randomUUIDv7 } from 'node:crypto'
import type { Served } from '#core/channel.ts'
import type { DigestWhy } from '#core/message/digest-why.ts'
import type { Notification } from '#core/message/notification.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'
import { chunks, type Database } from './database.ts'
import { fromRow, type NotificationRow } from './notification-row.ts'
import type { Statements } from './statements.ts'

/** The part of the outbox that gathering works on: what waits for a channel, what left by it, and what is held back. */
export const createGathering = (db: Database, statements: Statements) => ({
  /** Pending and held ones of a channel that nobody is sending at this moment and nobody has yet, oldest first. */
  waiting: async (channelId: number, now: number): Promise<Notification[]> => {
    const rows = await statements.rows<NotificationRow>(
      `select * from notifications where status = 'held' and channel_id = ?
      union all
      select * from notifications where status = 'pending' and channel_id = ? and (lease_until is null or lease_until <= ?)
      and served is null
      order by id`,
      [channelId, channelId, now],
    )
    return rows.map(fromRow)
  },

  /** True when anything is held back for a channel. */
  holds: async (channelId: number): Promise<boolean> => {
    const text = "select id from notifications where status = 'held' and channel_id = ? limit 1"
    return (await statements.rows(text, [channelId])).length > 0
  },

  /** True when anything waits for a channel, held back or not. */
  waits: async (channelId: number): Promise<boolean> => {
    const rows = await statements.rows(
      `select id from notifications where status = 'pending' and channel_id = ?
      union all select id from notifications where status = 'held' and channel_id = ? limit 1`,
      [channelId, channelId],
    )
    return rows.length > 0
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
    const underWay = await statements.rows(
      "select id from notifications where status = 'pending' and channel_id = ? and lease_until > ?",
      [channelId, now],
    )
    return [...delivered.map(({ at }) => at!), ...underWay.map(() => now)]
  },

  /** Times (ms) of openings that left, or were told by a digest, since then. */
  openedAt: async (channelId: number, since: number): Promise<number[]> => {
    const rows = await db
      .selectFrom('notifications')
      .select('created_at')
      .where('channel_id', '=', channelId)
      .where('created_at', '>', since)
      .where('reason', '=', 'first')
      .where('status', 'in', ['delivered', 'digested'])
      .execute()
    return rows.map(({ created_at }) => created_at)
  },

  /** The same with what they were, of a channel whose messages are for few each. */
  openingsSince: async (channelId: number, since: number): Promise<{ payload: NotificationFacts; at: number }[]> => {
    const rows = await db
      .selectFrom('notifications')
      .select(['created_at', 'payload'])
      .where('channel_id', '=', channelId)
      .where('created_at', '>', since)
      .where('reason', '=', 'first')
      .where('status', 'in', ['delivered', 'digested'])
      .execute()
    return rows.map(({ created_at: at, payload }) => ({ at, payload: JSON.parse(payload) as NotificationFacts }))
  },

  /** What left on a channel since then, by which channels and for whom; what is under way counts as now. */
  leftSince: async (channelId: number, since: number, now: number) => {
    const rows = await db
      .selectFrom('notifications')
      .select(['delivered_at', 'served', 'payload'])
      .where('channel_id', '=', channelId)
      .where('reason', '!=', 'test')
      .where((where) =>
        where.or([
          where('delivered_at', '>', since),
          where.and([where('status', '=', 'pending'), where('lease_until', '>', now)]),
        ]),
      )
      .execute()
    return rows.map(({ delivered_at: at, served, payload }) => ({
      at: at ?? now,
      via: at === null || served === null ? undefined : (JSON.parse(served) as Served).via,
      labels: (JSON.parse(payload) as NotificationFacts).labels,
    }))
  },

  /** What left since then with when, ms, oldest first. */
  deliveredSince: async (channelId: number, since: number): Promise<{ payload: NotificationFacts; at: number }[]> => {
    const rows = await db
      .selectFrom('notifications')
      .select(['payload', 'delivered_at'])
      .where('channel_id', '=', channelId)
      .where('delivered_at', '>', since)
      .where('reason', '!=', 'test')
      .orderBy('delivered_at')
      .execute()
    return rows.map(({ payload, delivered_at: at }) => ({ payload: JSON.parse(payload) as NotificationFacts, at: at! }))
  },

  /** Holds these back, and notes what for. */
  hold: async (ids: readonly number[], why: DigestWhy): Promise<void> => {
    for (const part of chunks(ids))
      await db.updateTable('notifications').set({ status: 'held', held_for: why }).where('id', 'in', part).execute()
  },

  /** Frees what is held for other channels than these: they gather nothing any more. True when there was any. */
  freeHeld: async (live: readonly number[], now: number): Promise<boolean> => {
    let query = db.updateTable('notifications').set({ status: 'pending', next_attempt_at: now })
    query = query.where('status', '=', 'held')
    if (live.length > 0) query = query.where('channel_id', 'not in', live)
    return (await query.executeTakeFirst()).numUpdatedRows > 0n
  },

  /** Lets held ones leave by themselves. */
  unhold: async (ids: readonly number[], now: number): Promise<void> => {
    for (const part of chunks(ids))
      await db
        .updateTable('notifications')
        .set({ status: 'pending', next_attempt_at: now })
        .where('id', 'in', part)
        .execute()
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

  /** Makes it another message to those who hold two of one id for the same: it says more than when it was tried. */
  renew: async (id: number): Promise<void> => {
    await db.updateTable('notifications').set({ uid: randomUUIDv7() }).where('id', '=', id).execute()
  },
})
