import type { Selectable } from 'kysely'
import type { State } from '#core/monitor/monitor.ts'
import type { WordedTransition } from '#core/monitor/transition.ts'
import type { ErrorCode } from '#core/result/result.ts'
import { causeOfRow, causeValues } from './cause-columns.ts'
import type { Database } from './database.ts'
import type { Engine } from './migrate.ts'
import { createStatements } from './statements.ts'
import type { TransitionsTable } from './tables.ts'

const fromRow = (row: Selectable<TransitionsTable>): WordedTransition & { readonly id: number } => ({
  id: row.id,
  monitorId: row.monitor_id,
  from: row.from_state as State,
  to: row.to_state as State,
  at: row.at,
  since: row.since,
  previousSince: row.previous_since,
  code: row.code as ErrorCode,
  sentence: row.cause,
  cause: causeOfRow(row),
  facts: JSON.parse(row.facts),
})

const COLUMNS = [
  'monitor_id',
  'from_state',
  'to_state',
  'at',
  'since',
  'previous_since',
  'code',
  'cause',
  'facts',
  'cause_code',
  'cause_facts',
] as const

const valuesOf = ({
  monitorId,
  from,
  to,
  at,
  since,
  previousSince,
  code,
  sentence,
  cause,
  facts,
}: WordedTransition) => [
  monitorId,
  from,
  to,
  at,
  since,
  previousSince,
  code,
  sentence,
  JSON.stringify(facts),
  ...causeValues(cause),
]

export const createTransitions = (db: Database, engine: Engine) => ({
  insertAll: (transitions: readonly WordedTransition[]): Promise<number[]> =>
    createStatements(db, engine).insert('transitions', COLUMNS, transitions, valuesOf),

  /** Those that hold in a stretch of time, oldest first: the last one from before it, and those within. */
  covering: async (monitorId: number, from: number, to: number): Promise<{ since: number; to: State }[]> => {
    const all = db.selectFrom('transitions').select(['since', 'to_state']).where('monitor_id', '=', monitorId)
    const before = await all.where('since', '<=', from).orderBy('id', 'desc').limit(1).execute()
    const within = await all.where('since', '>', from).where('since', '<', to).orderBy('id').execute()
    return [...before, ...within].map(({ since, to_state }) => ({ since, to: to_state as State }))
  },

  /** Newest first. */
  ofMonitor: async (monitorId: number, limit: number): Promise<(WordedTransition & { id: number })[]> => {
    const rows = await db
      .selectFrom('transitions')
      .selectAll()
      .where('monitor_id', '=', monitorId)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.map(fromRow)
  },

  /** Of all monitors since then, in the order in which they fell. */
  since: async (at: number): Promise<WordedTransition[]> => {
    const rows = await db
      .selectFrom('transitions')
      .selectAll()
      .where('at', '>=', at)
      .orderBy('at')
      .orderBy('id')
      .execute()
    return rows.map(fromRow)
  },
})
