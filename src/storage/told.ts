import type { CauseCode } from '#core/cause/cause.ts'
import { type Severity, severityRank } from '#core/event/severity.ts'
import type { Notification } from '#core/message/notification.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'
import type { Database } from './database.ts'
import type { Engine } from './migrate.ts'
import { fromRow, type NotificationRow } from './notification-row.ts'
import type { Statements } from './statements.ts'

/** What it was to tell goes to others, or by it once it is back. */
const GONE = 'channel_gone' satisfies CauseCode
const IS_GONE = `failure = 'bad_configuration' and cause_code = '${GONE}'`
/** Where it was told by an escalation alone, what that said. */
const ESCALATED_STATE = "case when reason = 'escalated' then payload end as escalated"
const HEARING = `select channel_id, reason, ${ESCALATED_STATE}, null as severity from notifications
where alert_id = ? and status not in ('failed', 'cancelled') order by id`
/** How severe it was said to be. */
const SEVERITY: Readonly<Record<Engine, string>> = {
  sqlite: "json_extract(payload, '$.severity') as severity",
  postgres: "payload::json->>'severity' as severity",
}
const addressedText = (
  engine: Engine,
) => `select channel_id, reason, ${ESCALATED_STATE}, ${SEVERITY[engine]} from notifications
where alert_id = ? and not (status = 'failed' and ${IS_GONE}) order by id`
const MISSED_ENDS = `select * from notifications
where status = 'failed' and ${IS_GONE} and reason = 'resolved' and channel_id = ? and created_at > ? order by id limit 500`
/** `+ 0` keeps the engines from walking through all that was ever told for the sake of the order. */
const toldOfFiringText = (
  engine: Engine,
) => `select n.alert_id, n.channel_id, n.reason, ${ESCALATED_STATE}, ${SEVERITY[engine]} from notifications n
where n.alert_id in (select id from alerts where status = 'firing')
and not (n.status = 'failed' and ${IS_GONE}) order by n.id + 0`

interface LastWord {
  readonly channel_id: number
  readonly reason: string
  readonly escalated: string | null
  readonly severity: string | null
}

/** What a channel was told last of an alert, and how severe that said it was; of an escalation also in which state. */
export interface ToldWord {
  readonly reason: string
  readonly escalatedState?: string | null
  readonly severity?: string
}

const lastWords = (rows: readonly LastWord[]): Map<number, ToldWord> =>
  new Map(
    rows.map(({ channel_id, reason, escalated, severity }) => [
      channel_id,
      {
        reason,
        ...(severity !== null && { severity }),
        ...(escalated !== null && { escalatedState: (JSON.parse(escalated) as NotificationFacts).state }),
      },
    ]),
  )

/**
 * Whether who heard this last knows of an alert that is in this state, and as severe as this, now: not who heard its end, nor
 * who heard of another state by an escalation, which tells no change, nor who was away while it became worse. Without a state
 * or a severity, any will do.
 */
export const knows = (
  { reason, escalatedState, severity: said }: ToldWord,
  state?: string,
  severity?: Severity,
): boolean =>
  reason !== 'resolved' &&
  (state === undefined || escalatedState === undefined || escalatedState === state) &&
  (severity === undefined || said === undefined || severityRank(said) >= severityRank(severity))

const knowing = (rows: readonly LastWord[], state?: string, severity?: Severity): number[] =>
  [...lastWords(rows)].flatMap(([id, word]) => (knows(word, state, severity) ? [id] : []))

/** Who was told what of an alert, and of what it is about: by that the pipeline decides who is to hear more. */
export const createTold = (db: Database, statements: Statements, engine: Engine) => ({
  /** Channels that hold or received something of this alert and not its end, so that they also hear of that. */
  channelsHearing: async (alertId: number, state?: string): Promise<number[]> =>
    knowing(await statements.rows<LastWord>(HEARING, [alertId]), state),

  /**
   * Channels to which something of this alert went, delivered or not, and not its end. What could not go because the
   * channel was gone or disabled does not count: there nobody was told, and nobody else was in its place.
   */
  channelsAddressed: async (alertId: number, state?: string, severity?: Severity): Promise<number[]> =>
    knowing(await statements.rows<LastWord>(addressedText(engine), [alertId]), state, severity),

  /** The last word that was meant for each channel, by the id of each open alert; see `channelsAddressed`. */
  toldOfFiring: async (): Promise<Map<number, Map<number, ToldWord>>> => {
    const rows = await statements.rows<LastWord & { readonly alert_id: number }>(toldOfFiringText(engine), [])
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
})
