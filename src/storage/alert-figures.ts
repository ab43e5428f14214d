import { sql } from 'kysely'
import type { AlertTally, FirstLook, MessageOutcome, MessageTally } from '#core/alert/alert-figures.ts'
import type { Severity } from '#core/event/severity.ts'
import type { Database } from './database.ts'
import type { Engine } from './migrate.ts'

/** Looks that are read of one part: more of them change no percentile that anybody would see. */
const MOST_LOOKS = 5000

/** What was told and opened, counted by the store itself: each part of time is one walk along an index by time. */
export const createAlertFigures = (db: Database, engine: Engine) => {
  /** What is about no alert keeps its severity in its payload alone. */
  const ownSeverity =
    engine === 'postgres'
      ? sql<Severity>`case when l.id is null then n.payload::json ->> 'severity' else l.severity end`
      : sql<Severity>`case when l.id is null then json_extract(n.payload, '$.severity') else l.severity end`
  const outcome = sql<MessageOutcome>`case n.status when 'delivered' then 'delivered' when 'pending' then 'waiting' else 'failed' end`

  return {
    /** Messages that were decided from `from` until `to`, ms, and tried. */
    messages: async (from: number, to: number): Promise<MessageTally[]> => {
      const rows = await db
        .selectFrom('notifications as n')
        .leftJoin('alerts as l', 'l.id', 'n.alert_id')
        .leftJoin('rules as r', 'r.id', 'l.rule_id')
        .leftJoin('channels as c', 'c.id', 'n.channel_id')
        .where('n.created_at', '>=', from)
        .where('n.created_at', '<', to)
        .where('n.reason', '!=', 'test')
        .where('n.attempts', '>', 0)
        .select(['n.channel_id', 'c.name as channel', 'l.rule_id', 'r.name as rule'])
        .select([ownSeverity.as('grade'), outcome.as('came_to'), 'n.failure'])
        .select(({ fn }) => [
          sql<number>`case when n.alert_id is null then 0 else 1 end`.as('of_alert'),
          fn.countAll<number>().as('count'),
          fn.sum<number>('n.attempts').as('attempts'),
        ])
        .groupBy(['n.channel_id', 'c.name', 'l.rule_id', 'r.name', 'grade', 'came_to', 'n.failure', 'of_alert'])
        .execute()
      return rows.map((row) => ({
        channelId: row.channel_id,
        channel: row.channel,
        ruleId: row.rule_id,
        rule: row.rule,
        ofAlert: row.of_alert === 1,
        severity: row.grade,
        outcome: row.came_to,
        failure: row.failure,
        count: Number(row.count),
        attempts: Number(row.attempts),
      }))
    },

    /** Alerts that were opened from `from` until `to`, ms. */
    alerts: async (from: number, to: number): Promise<AlertTally[]> => {
      const rows = await db
        .selectFrom('alerts as l')
        .leftJoin('rules as r', 'r.id', 'l.rule_id')
        .where('l.opened_at', '>=', from)
        .where('l.opened_at', '<', to)
        .select(({ fn }) => ['l.rule_id', 'r.name as rule', 'l.severity', fn.countAll<number>().as('count')])
        .groupBy(['l.rule_id', 'r.name', 'l.severity'])
        .execute()
      return rows.map((row) => ({
        ruleId: row.rule_id,
        rule: row.rule,
        severity: row.severity as Severity,
        count: Number(row.count),
      }))
    },

    /** How long those stood until somebody first looked at them. */
    looks: async (from: number, to: number): Promise<FirstLook[]> => {
      const rows = await db
        .selectFrom('alerts')
        .where('opened_at', '>=', from)
        .where('opened_at', '<', to)
        .where('first_look_at', 'is not', null)
        .select(['rule_id', 'severity', 'opened_at', 'first_look_at'])
        .limit(MOST_LOOKS)
        .execute()
      return rows.map((row) => ({
        ruleId: row.rule_id,
        severity: row.severity as Severity,
        ms: Math.max(0, row.first_look_at! - row.opened_at),
      }))
    },
  }
}
