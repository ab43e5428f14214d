import type { Served } from '#core/channel.ts'
import type { Attempt } from '#core/message/attempt.ts'
import type { AfterAttempt } from '#core/message/delivery.ts'
import type { Notification } from '#core/message/notification.ts'
import { causeValues } from './cause-columns.ts'
import type { Database } from './database.ts'
import { createGathering } from './gathering.ts'
import type { Engine } from './migrate.ts'
import { fromRow, type NotificationRow } from './notification-row.ts'
import { createStatements } from './statements.ts'

export interface Claim {
  readonly channelId: number
  readonly now: number
  readonly leaseMs: number
  readonly limit: number
}

/** How an attempt ended, and what follows from it. */
export interface Settlement {
  readonly id: number
  readonly attempt: Attempt
  readonly after: AfterAttempt
  /** What a later message of the same alert needs to answer this one; null for nothing. */
  readonly reference: string | null
  /** Which of several recipients have it; null where there is nothing to keep apart. */
  readonly served?: Served | null
}

/** Channels with something pending, one seek each however much waits: distinct would read all of it. */
const LANES = `with recursive lane(channel_id) as (
  select min(channel_id) from notifications where status = 'pending'
  union all
  select (select min(n.channel_id) from notifications n where n.status = 'pending' and n.channel_id > lane.channel_id)
  from lane where lane.channel_id is not null
)`

const DUE_CHANNELS = `${LANES} select channel_id from lane where exists (
  select 1 from notifications n
  where n.status = 'pending' and n.channel_id = lane.channel_id and n.next_attempt_at <= ?
)`

const NEXT_DUE = `${LANES} select min((
  select min(n.next_attempt_at) from notifications n
  where n.status = 'pending' and n.channel_id = lane.channel_id and n.next_attempt_at > ?
)) as at from lane where channel_id is not null`

/** The part that chooses stands apart: PostgreSQL may run a subquery anew for each row, and each time finds others free. */
const claimText = (engine: Engine): string => `with due as materialized (
  select n.id from notifications n
  where n.status = 'pending' and n.channel_id = ? and n.next_attempt_at <= ?
  and (n.lease_until is null or n.lease_until <= ?)
  and not exists (
    select 1 from notifications earlier
    where earlier.about = n.about and earlier.channel_id = n.channel_id and earlier.id < n.id
    and earlier.status in ('pending', 'held') and (earlier.served is null or n.served is not null)
  )
  and not exists (
    select 1 from notifications digest
    where digest.status = 'pending' and digest.reason = 'digest' and digest.channel_id = n.channel_id and digest.id < n.id
    and (digest.served is null or n.served is not null)
    and exists (select 1 from notifications member where member.digest_id = digest.id and member.about = n.about)
  )
  and (n.reason <> 'digest' or not exists (
    select 1 from notifications member
    join notifications earlier on earlier.about = member.about and earlier.channel_id = n.channel_id
      and earlier.id < n.id and earlier.status in ('pending', 'held') and earlier.served is null
    where member.digest_id = n.id
  ))
  order by n.next_attempt_at, n.id limit ?${engine === 'postgres' ? ' for update skip locked' : ''}
) update notifications
set lease_until = ?, attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, ?)
where id in (select id from due) returning *`

const SETTLE = `update notifications set status = ?, delivered_at = ?, next_attempt_at = ?, lease_until = null,
failure = ?, error = ?, cause_code = ?, cause_facts = ?, response = ?, reference = ?, served = ? where id = ?`

/** What another was to tell for it was told as little as that. */
const FAIL_MEMBERS = `update notifications set status = 'failed', failure = ?, error = ?, cause_code = ?, cause_facts = ?
where digest_id = ? and status = 'digested'`
/** It is to tell them again. */
const TAKE_MEMBERS = `update notifications set status = 'digested', failure = null, error = null, cause_code = null,
cause_facts = null where digest_id = ? and status = 'failed'`

const STATUS = { delivered: 'delivered', retry: 'pending', failed: 'failed' } as const

const settled = ({ id, attempt, after, reference, served = null }: Settlement): readonly unknown[] => [
  STATUS[after.status],
  after.status === 'delivered' ? Math.round(attempt.at + attempt.durationMs) : null,
  after.status === 'retry' ? after.at : null,
  attempt.failure,
  attempt.error,
  ...causeValues(attempt.cause),
  attempt.response,
  reference,
  served && JSON.stringify(served),
  id,
]

const failedMembers = ({ id, attempt: { failure, error, cause } }: Settlement): readonly unknown[] => [
  failure,
  error,
  ...causeValues(cause),
  id,
]

const ATTEMPT = [
  'notification_id',
  'at',
  'duration_ms',
  'ok',
  'code',
  'failure',
  'error',
  'cause_code',
  'cause_facts',
  'response',
] as const

const attempted = ({ id, attempt }: Settlement): readonly unknown[] => [
  id,
  attempt.at,
  Math.round(attempt.durationMs),
  attempt.ok ? 1 : 0,
  attempt.code,
  attempt.failure,
  attempt.error,
  ...causeValues(attempt.cause),
  attempt.response,
]

/** Ends the uid of a copy that goes by another channel: the same message, and yet another one. */
export const COPY_SUFFIX = '.fallback'
const COPIES = `%${COPY_SUFFIX}`
/** Ends the uid of a test that no figure counts. */
export const UNCOUNTED_SUFFIX = '.trial'

const UNDELIVERED = `from notifications
where status = 'pending' and channel_id = ? and failure is not null
and fallback_id is null and reason <> 'test' and uid not like ?`

const PARTLY = `select served from notifications
where about = ? and channel_id = ? and id < ? and status in ('pending', 'held') and served is not null`

const BEHIND = `select * from notifications
where about = ? and channel_id = ? and id > ? and status in ('pending', 'held') and fallback_id is null order by id`

/** The part of the notifications that is still to be sent. */
export const createOutbox = (db: Database, engine: Engine) => {
  const statements = createStatements(db, engine)
  const claimDue = claimText(engine)
  return {
    ...createGathering(db, statements),

    /** Channels with something to send now. */
    dueChannels: async (now: number): Promise<number[]> =>
      (await statements.rows<{ channel_id: number }>(DUE_CHANNELS, [now])).map(({ channel_id }) => channel_id),

    /** When the next pending notification becomes due after `now`, ms; null when none does. */
    nextDueAt: async (now: number): Promise<number | null> =>
      (await statements.first<{ at: number | null }>(NEXT_DUE, [now]))?.at ?? null,

    /** When the oldest notification that still waits was decided, ms; null when the outbox is empty. */
    oldestPending: async (): Promise<number | null> =>
      (
        await statements.first<{ at: number | null }>(
          "select min(created_at) as at from notifications where status = 'pending'",
          [],
        )
      )?.at ?? null,

    /** How many wait, by status. */
    queued: async (): Promise<Readonly<Record<'pending' | 'held', number>>> => {
      const rows = await statements.rows<{ status: 'pending' | 'held'; count: number }>(
        "select status, count(*) as count from notifications where status in ('pending', 'held') group by status",
        [],
      )
      return { pending: 0, held: 0, ...Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)])) }
    },

    /**
     * Takes due notifications of a channel for `leaseMs` and counts the attempt. Nobody else gets them meanwhile; a
     * lease that ends without an answer (the process was killed) makes them free again. What is about the same keeps its
     * order on a channel, over all its alerts: nothing is handed out while an earlier one still waits, by itself or in
     * a digest, nor a digest before what came earlier about anything that it tells. One that only some of its
     * recipients still wait for holds up nobody but them: see `partlyServed`.
     */
    claim: async ({ channelId, now, leaseMs, limit }: Claim): Promise<Notification[]> => {
      const rows = await statements.rows<NotificationRow>(claimDue, [channelId, now, now, limit, now + leaseMs, now])
      return rows.map(fromRow).sort((a, b) => a.id - b.id)
    },

    /** Which recipients had each of the earlier messages about the same on this channel that only some of them have. */
    partlyServed: async ({ about, channelId, id }: Notification): Promise<Served[]> =>
      about === null
        ? []
        : (await statements.rows<{ served: string }>(PARTLY, [about, channelId, id])).map(
            ({ served }) => JSON.parse(served) as Served,
          ),

    /** True when anything waits that only some of its recipients have. */
    anyPartly: async (): Promise<boolean> =>
      (await statements.first("select id from notifications where status = 'pending' and served is not null", [])) !==
      undefined,

    /**
     * Records how attempts ended. One whose notification was deleted meanwhile is forgotten. With what fails for good fails
     * what it was to tell for others.
     */
    settle: async (settlements: readonly Settlement[]): Promise<void> => {
      const known: Settlement[] = []
      for (const settlement of settlements) {
        if ((await statements.changed(SETTLE, settled(settlement))) > 0) known.push(settlement)
        if (settlement.after.status === 'failed') await statements.rows(FAIL_MEMBERS, failedMembers(settlement))
      }
      await statements.insert('attempts', ATTEMPT, known, attempted)
    },

    /** Ids of what has been claimed and neither settled nor released. */
    claimedIds: async (): Promise<number[]> => {
      const text = "select id from notifications where status = 'pending' and lease_until is not null"
      return (await statements.rows<{ id: number }>(text, [])).map(({ id }) => Number(id))
    },

    /** Takes back claims that led to no attempt. */
    release: async (ids: readonly number[]): Promise<void> => {
      for (const id of ids)
        await statements.rows('update notifications set lease_until = null, attempts = attempts - 1 where id = ?', [id])
    },

    /** Pending ones of a channel that were tried in vain since `before`, ms, and went by no other channel yet. */
    undelivered: async (channelId: number, before: number, limit: number): Promise<Notification[]> => {
      const text = `select * ${UNDELIVERED} and first_attempt_at <= ? order by id limit ?`
      return (await statements.rows<NotificationRow>(text, [channelId, COPIES, before, limit])).map(fromRow)
    },

    /** Since when, ms, a channel has tried in vain what went by no other channel yet; null when there is nothing. */
    undeliveredSince: async (channelId: number): Promise<number | null> => {
      const text = `select min(first_attempt_at) as at ${UNDELIVERED}`
      return (await statements.first<{ at: number | null }>(text, [channelId, COPIES]))?.at ?? null
    },

    /** What waits behind a notification: later ones about the same on its channel. */
    behind: async ({ about, channelId, id }: Notification): Promise<Notification[]> =>
      (await statements.rows<NotificationRow>(BEHIND, [about, channelId, id])).map(fromRow),

    /** Ends one that waits and is not being sent; why: who told it. */
    cancel: async (id: number, { error, cause }: Pick<Attempt, 'error' | 'cause'>, now: number): Promise<void> => {
      const [code = null, facts = null] = causeValues(cause)
      await db
        .updateTable('notifications')
        .set({ status: 'cancelled', next_attempt_at: null, lease_until: null })
        .set({ error, cause_code: code, cause_facts: facts })
        .where('id', '=', id)
        .where('status', 'in', ['pending', 'held'])
        .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
        .execute()
    },

    /**
     * Puts a failed one back into the outbox, as new and by itself; one that some recipients have, for the others; one that was
     * to tell others, with these. False when there is none such.
     */
    replay: async (id: number, now: number): Promise<boolean> => {
      const row = await db
        .selectFrom('notifications')
        .select(['served', 'failure'])
        .where('id', '=', id)
        .executeTakeFirst()
      const partly = row?.served && row.failure !== null ? ({ ...JSON.parse(row.served), refused: [] } as Served) : null
      const result = await db
        .updateTable('notifications')
        .set({ status: 'pending', next_attempt_at: now, lease_until: null, attempts: 0, first_attempt_at: null })
        .set({ served: partly && JSON.stringify(partly), digest_id: null })
        .where('id', '=', id)
        .where('status', 'in', partly ? ['failed', 'cancelled', 'delivered'] : ['failed', 'cancelled'])
        .executeTakeFirst()
      if (result.numUpdatedRows === 0n) return false
      await statements.rows(TAKE_MEMBERS, [id])
      return true
    },

    /** At a start of the only process: what another run had taken is free, what waits for a retry goes at once. */
    releaseAll: async (now: number): Promise<void> => {
      await statements.rows(
        "update notifications set lease_until = null, next_attempt_at = ? where status = 'pending'",
        [now],
      )
    },
  }
}
