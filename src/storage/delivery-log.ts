import { sql } from 'kysely'
import type { Cause } from '#core/cause/cause.ts'
import type { Severity } from '#core/event/severity.ts'
import type { Database } from './database.ts'
import type { Engine } from './migrate.ts'
import { causeOf } from './notification-row.ts'

/** One attempt to deliver one notification, with the rule that asked for it. */
export interface DeliveryLogEntry {
  /** The attempt's. */
  readonly id: number
  readonly notificationId: number
  readonly channelId: number
  readonly channelName: string
  /** Null where a monitor's own channels were told, and for a digest. */
  readonly ruleId: number | null
  readonly ruleName: string | null
  /** Ms. */
  readonly at: number
  readonly durationMs: number
  readonly ok: boolean
  readonly code: number | null
  readonly error: string | null
  /** The same as a code with facts; absent where there is none. */
  readonly cause?: Cause
  /** It was a test, of which no figure knows. */
  readonly test: boolean
  /** The fallback that told it in place of this channel; null when none did. */
  readonly sentBy: string | null
}

export interface DeliveryLogFilter {
  /** Ms; attempts made at that time or later. */
  readonly since: number
  readonly severity?: Severity
  readonly ok?: boolean
  /** Tests too. */
  readonly tests?: boolean
  readonly limit: number
}

/** Deliveries as a log: attempts joined with what they delivered. Tests are none, but where they are asked for. */
export const createDeliveryLog = (db: Database, engine: Engine) => {
  /** The severity at the time of the decision, which the payload keeps. */
  const severity =
    engine === 'postgres'
      ? sql<Severity>`n.payload::json ->> 'severity'`
      : sql<Severity>`json_extract(n.payload, '$.severity')`

  const all = (at: number) =>
    db.selectFrom('attempts as a').innerJoin('notifications as n', 'n.id', 'a.notification_id').where('a.at', '>=', at)
  const since = (at: number) => all(at).where('n.reason', '!=', 'test')

  return {
    /** Newest first. */
    list: async ({
      since: from,
      severity: wanted,
      ok,
      tests,
      limit,
    }: DeliveryLogFilter): Promise<DeliveryLogEntry[]> => {
      let query = (tests ? all(from) : since(from))
        .innerJoin('channels as c', 'c.id', 'n.channel_id')
        .leftJoin('notifications as copy', (join) =>
          join.onRef('copy.id', '=', 'n.fallback_id').onRef('copy.id', '!=', 'n.id').on('n.status', '=', 'cancelled'),
        )
        .leftJoin('channels as other', 'other.id', 'copy.channel_id')
        .leftJoin('alerts as l', 'l.id', 'n.alert_id')
        .leftJoin('rules as r', 'r.id', 'l.rule_id')
        .select(['a.id', 'a.at', 'a.duration_ms', 'a.ok', 'a.code', 'a.error', 'a.notification_id'])
        .select(['a.cause_code', 'a.cause_facts'])
        .select(['n.channel_id', 'n.reason', 'c.name as channel_name', 'l.rule_id', 'r.name as rule_name'])
        .select('other.name as sent_by')
        .orderBy('a.at', 'desc')
        .orderBy('a.id', 'desc')
        .limit(limit)
      if (wanted !== undefined) query = query.where(severity, '=', wanted)
      if (ok !== undefined) query = query.where('a.ok', '=', ok ? 1 : 0)
      const rows = await query.execute()
      return rows.map((row) => ({
        id: row.id,
        notificationId: row.notification_id,
        channelId: row.channel_id,
        channelName: row.channel_name,
        ruleId: row.rule_id,
        ruleName: row.rule_name,
        at: row.at,
        durationMs: row.duration_ms,
        ok: row.ok === 1,
        code: row.code,
        error: row.error,
        ...causeOf(row),
        test: row.reason === 'test',
        sentBy: row.sent_by,
      }))
    },

    /** Attempts by severity and outcome. */
    counts: async (from: number): Promise<{ severity: Severity; ok: boolean; count: number }[]> => {
      const rows = await since(from)
        .select(({ fn }) => [severity.as('severity'), 'a.ok', fn.countAll<number>().as('count')])
        .groupBy([severity, 'a.ok'])
        .execute()
      return rows.map((row) => ({ severity: row.severity, ok: row.ok === 1, count: Number(row.count) }))
    },

    /** Messages that were tried, each once, however many attempts it took: those that arrived, and all. */
    messages: async (from: number): Promise<{ readonly delivered: number; readonly tried: number }> => {
      const each = since(from)
        .select(({ fn }) => ['n.id', fn.max('a.ok').as('ok')])
        .groupBy('n.id')
      const row = await db
        .selectFrom(each.as('m'))
        .select(({ fn }) => [fn.countAll<number>().as('tried'), fn.sum<number>('m.ok').as('delivered')])
        .executeTakeFirst()
      return { delivered: Number(row?.delivered ?? 0), tried: Number(row?.tried ?? 0) }
    },

    /** The written rules that most attempts were made for. */
    topRules: async (from: number, limit: number): Promise<{ name: string; count: number }[]> => {
      const rows = await since(from)
        .innerJoin('alerts as l', 'l.id', 'n.alert_id')
        .innerJoin('rules as r', 'r.id', 'l.rule_id')
        .select(({ fn }) => ['r.id', 'r.name', fn.countAll<number>().as('count')])
        .groupBy(['r.id', 'r.name'])
        .orderBy('count', 'desc')
        .orderBy('r.id')
        .limit(limit)
        .execute()
      return rows.map(({ name, count }) => ({ name, count: Number(count) }))
    },
  }
}
