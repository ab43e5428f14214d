import type { Selectable } from 'kysely'
import type { Decision, DecisionOutcome } from '#core/alert/decision.ts'
import { chunks, type Database } from './database.ts'
import type { Engine } from './migrate.ts'
import { createStatements } from './statements.ts'
import type { DecisionsTable } from './tables.ts'

const fromRow = (row: Selectable<DecisionsTable>): Decision => ({
  eventId: row.event_id,
  ruleId: row.rule_id,
  alertId: row.alert_id,
  at: row.at,
  outcome: row.outcome as DecisionOutcome,
  until: row.until,
  detail: JSON.parse(row.detail),
})

const COLUMNS = ['event_id', 'rule_id', 'alert_id', 'at', 'outcome', 'until', 'detail'] as const

const valuesOf = ({ eventId, ruleId, alertId, at, outcome, until, detail }: Decision): readonly unknown[] => [
  eventId,
  ruleId,
  alertId,
  at,
  outcome,
  until,
  JSON.stringify(detail),
]

export const createDecisions = (db: Database, engine: Engine) => ({
  insert: async (decisions: readonly Decision[]): Promise<void> => {
    await createStatements(db, engine).insert('decisions', COLUMNS, decisions, valuesOf)
  },

  /** In the order in which they were made. */
  ofEvent: async (eventId: number): Promise<Decision[]> => {
    const rows = await db.selectFrom('decisions').selectAll().where('event_id', '=', eventId).orderBy('id').execute()
    return rows.map(fromRow)
  },

  /** Alerts that these events had a part in. */
  alertsOf: async (eventIds: readonly number[]): Promise<number[]> => {
    const found = new Set<number>()
    for (const part of chunks(eventIds)) {
      const query = db.selectFrom('decisions').select('alert_id').distinct().where('event_id', 'in', part)
      for (const { alert_id } of await query.where('alert_id', 'is not', null).execute()) found.add(alert_id!)
    }
    return [...found]
  },

  /** The last `limit` about one alert, in the order in which they were made. */
  ofAlert: async (alertId: number, limit: number): Promise<Decision[]> => {
    const rows = await db
      .selectFrom('decisions')
      .selectAll()
      .where('alert_id', '=', alertId)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.reverse().map(fromRow)
  },

  /** Deletes what was decided before `before`. Returns how many. */
  removeBefore: async (before: number): Promise<number> => {
    const result = await db.deleteFrom('decisions').where('at', '<', before).executeTakeFirst()
    return Number(result.numDeletedRows)
  },
})
