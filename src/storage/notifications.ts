import { randomUUIDv7 } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { NotifyReason } from '#core/alert/notify-reason.ts'
import type { CauseCode } from '#core/cause/cause.ts'
import type { DeliveryFailure } from '#core/channel.ts'
import type { Attempt } from '#core/message/attempt.ts'
import type { Notification, NotificationStatus } from '#core/message/notification.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'
import { octets, type Page, pageOf } from './byte-page.ts'
import type { Database } from './database.ts'
import type { Engine } from './migrate.ts'
import { causeOf, fromRow, type NotificationRow } from './notification-row.ts'
import { createOutbox } from './outbox.ts'
import { createStatements } from './statements.ts'
import type { AttemptsTable } from './tables.ts'

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

/** What it was to tell goes to others, or by it once it is back. */
const GONE = 'channel_gone' satisfies CauseCode
const IS_GONE = `failure = 'bad_configuration' and cause_code = '${GONE}'`
/** Where it was told by an escalation alone, what that said. */
const ESCALATED_STATE = "case when reason = 'escalated' then payload end as escalated"
const HEARING = `select channel_id, reason, ${ESCALATED_STATE} from notifications
where alert_id = ? and status not in ('failed', 'cancelled') order by id`
const ADDRESSED = `select channel_id, reason, ${ESCALATED_STATE} from notifications
where alert_id = ? and not (status = 'failed' and ${IS_GONE}) order by id`
const MISSED_ENDS = `select * from notifications
where status = 'failed' and ${IS_GONE} and reason = 'resolved' and channel_id = ? and created_at > ? order by id limit 500`
/** `+ 0` keeps the engines from walking through all that was ever told for the sake of the order. */
const TOLD_OF_FIRING = `select n.alert_id, n.channel_id, n.reason, ${ESCALATED_STATE} from notifications n
where n.alert_id in (select id from alerts where status = 'firing')
and not (n.status = 'failed' and n.failure = 'bad_configuration' and n.cause_code = '${GONE}') order by n.id + 0`

interface LastWord {
  readonly channel_id: number
  readonly reason: string
  readonly escalated: string | null
}

/** What a channel was told last of an alert; of an escalation also in which state that said it was. */
export interface ToldWord {
  readonly reason: string
  readonly escalatedState?: string | null
}

const lastWords = (rows: readonly LastWord[]): Map<number, ToldWord> =>
  new Map(
    rows.map(({ channel_id, reason, escalated }) => [
      channel_id,
      { reason, ...(escalated !== null && { escalatedState: (JSON.parse(escalated) as NotificationFacts).state }) },
    ]),
  )

/**
 * Whether who heard this last knows of an alert that is in this state now: not who heard its end, nor who heard of another
 * state by an escalation, which tells no change. Without a state, any will do.
 */
export const knows = ({ reason, escalatedState }: ToldWord, state: string | undefined): boolean =>
  reason !== 'resolved' && (state === undefined || escalatedState === undefined || escalatedState === state)

const knowing = (rows: readonly LastWord[], state: string | undefined): number[] =>
  [...lastWords(rows)].flatMap(([id, word]) => (knows(word, state) ? [id] : []))

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

    insert: (notifications: readonly NewNotification[]): Promise<number[]> =>
      statements.insert('notifications', COLUMNS, notifications, valuesOf),

    /** Channels that hold or received something of this alert and not its end, so that they also hear of that. */
    channelsHearing: async (alertId: number, state?: string): Promise<number[]> =>
      knowing(await statements.rows<LastWord>(HEARING, [alertId]), state),

    /**
     * Channels to which something of this alert went, delivered or not, and not its end. What could not go because the
     * channel was gone or disabled does not count: there nobody was told, and nobody else was in its place.
     */
    channelsAddressed: async (alertId: number, state?: string): Promise<number[]> =>
      knowing(await statements.rows<LastWord>(ADDRESSED, [alertId]), state),

    /** The last word that was meant for each channel, by the id of each open alert; see `channelsAddressed`. */
    toldOfFiring: async (): Promise<Map<number, Map<number, ToldWord>>> => {
      const rows = await statements.rows<LastWord & { readonly alert_id: number }>(TOLD_OF_FIRING, [])
      const byAlert = Map.groupBy(rows, ({ alert_id }) => alert_id)
      return new Map([...byAlert].map(([id, told]) => [id, lastWords(told)]))
    },

    /** Ends since then, ms, that could not go by these channels because they were gone or disabled, oldest first. */
    missedEnds: async (channelIds: readonly number[], since: number): Promise<Notification[]> => {
      const found: Notification[] = []
      for (const id of channelIds)
        found.push(...(await statements.rows<NotificationRow>(MISSED_ENDS, [id, since])).map(fromRow))
      return found
    },

    /** Channels that hold or received something of this alert. */
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

    /** What tells the same on another channel: of the same decision, or a copy of it. */
    sameOn: async (
      channelId: number,
      { alertId, reason, createdAt }: Pick<Notification, 'alertId' | 'reason' | 'createdAt'>,
    ): Promise<number | undefined> => {
      if (alertId === null) return undefined
      const row = await db
        .selectFrom('notifications')
        .select('id')
        .where('alert_id', '=', alertId)
        .where('channel_id', '=', channelId)
        .where('reason', '=', reason)
        .where('created_at', '=', createdAt)
        .orderBy('id')
        .limit(1)
        .executeTakeFirst()
      return row?.id
    },

    /** True when a channel is told something of the same subject that was decided later than this. */
    overtakenOn: async (channelId: number, { id, alertId, createdAt }: Notification): Promise<boolean> => {
      const rows = await statements.rows(
        `select n.id from alerts mine join alerts later on later.fingerprint = mine.fingerprint and later.id >= mine.id
        join notifications n on n.alert_id = later.id and n.channel_id = ? and n.id > ? and n.created_at > ?
        where mine.id = ? and n.status not in ('failed', 'cancelled') limit 1`,
        [channelId, id, createdAt, alertId],
      )
      return rows.length > 0
    },

    /** Notes which copy tells it by another channel. */
    fellBack: async (id: number, copyId: number): Promise<void> => {
      await db.updateTable('notifications').set({ fallback_id: copyId }).where('id', '=', id).execute()
    },

    /** True when the end of an alert was to be told. */
    endTold: async (alertId: number): Promise<boolean> =>
      (await statements.first("select id from notifications where alert_id = ? and reason = 'resolved' limit 1", [
        alertId,
      ])) !== undefined,

    /** When people were first told of an alert, ms; null for never. */
    firstToldAt: async (alertId: number): Promise<number | null> => {
      const row = await db
        .selectFrom('notifications')
        .select(({ fn }) => fn.min('created_at').as('at'))
        .where('alert_id', '=', alertId)
        .executeTakeFirst()
      return row?.at ?? null
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
