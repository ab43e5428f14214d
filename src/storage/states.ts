import type { Selectable } from 'kysely'
import type { StoredCause } from '#core/cause/cause-fields.ts'
import type { State } from '#core/monitor/monitor.ts'
import type { WordedTransition } from '#core/monitor/transition.ts'
import type { Signal } from '#core/probe.ts'
import type { ErrorCode } from '#core/result/result.ts'
import { causeOfRow, causeValues } from './cause-columns.ts'
import { chunks, type Database } from './database.ts'
import type { Engine } from './migrate.ts'
import { createStatements } from './statements.ts'
import type { StatesTable } from './tables.ts'

/** What the last verdict on a monitor was, and since when, ms. */
export interface Verdict {
  readonly monitorId: number
  readonly state: State
  readonly since: number
}

/** The last verdict on a monitor. Times in ms. */
export interface StoredState extends StoredCause {
  readonly monitorId: number
  readonly state: State
  /** The state that `unknown` covers. */
  readonly beneath: State
  readonly since: number
  readonly code: ErrorCode
  /** The last call of a passive monitor. */
  readonly lastSignal: Signal | null
}

const ROWS_AT_ONCE = 100

const savedValues = ({
  monitorId,
  from,
  to,
  since,
  code,
  sentence,
  cause,
  at,
}: WordedTransition): readonly unknown[] => [
  monitorId,
  to,
  to === 'unknown' ? from : to,
  since,
  code,
  sentence,
  ...causeValues(cause),
  at,
]

const saveText = (
  rows: number,
): string => `insert into states (monitor_id, state, beneath, since, code, cause, cause_code, cause_facts, changed_at)
values ${Array(rows).fill('(?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}
on conflict (monitor_id) do update set state = excluded.state, beneath = excluded.beneath, since = excluded.since,
code = excluded.code, cause = excluded.cause, cause_code = excluded.cause_code, cause_facts = excluded.cause_facts, changed_at = excluded.changed_at`

const WELL =
  "select count(*) as count, coalesce(sum(monitor_id), 0) as ids from states where monitor_id between ? and ? and state = 'up'"
const ALL = 'select monitor_id, state, beneath, since, code, cause, cause_code, cause_facts, last_signal from states'
const VERDICTS = 'select monitor_id, state, since from states where monitor_id between ? and ?'

type StateRow = Omit<Selectable<StatesTable>, 'changed_at'>

const fromRow = (row: StateRow): StoredState => ({
  monitorId: row.monitor_id,
  state: row.state as State,
  beneath: row.beneath as State,
  since: row.since,
  code: row.code as ErrorCode,
  sentence: row.cause,
  cause: causeOfRow(row),
  lastSignal: row.last_signal === null ? null : (JSON.parse(row.last_signal) as Signal),
})

export const createStates = (db: Database, engine: Engine) => {
  const statements = createStatements(db, engine)
  return {
    all: async (): Promise<StoredState[]> => (await statements.rows<StateRow>(ALL, [])).map(fromRow),

    /** Of these monitors, where anything is known of them. */
    some: async (monitorIds: readonly number[]): Promise<StoredState[]> => {
      const found: StoredState[] = []
      for (const part of chunks(monitorIds))
        found.push(
          ...(await db.selectFrom('states').selectAll().where('monitor_id', 'in', part).execute()).map(fromRow),
        )
      return found
    },

    /** How many monitors with an id of `from` to `to` are up, and the sum of their ids: whether all of many are, asked in one row. */
    well: async (from: number, to: number): Promise<{ readonly count: number; readonly ids: number }> => {
      const row = await statements.first<{ count: number; ids: number }>(WELL, [from, to])
      return { count: Number(row?.count), ids: Number(row?.ids) }
    },

    /** Of all monitors with an id of `from` to `to`, where anything is known of them: no more than is compared each few seconds. */
    verdicts: async (from: number, to: number): Promise<Verdict[]> =>
      (
        await statements.rows<Pick<Selectable<StatesTable>, 'monitor_id' | 'state' | 'since'>>(VERDICTS, [from, to])
      ).map((row) => ({
        monitorId: row.monitor_id,
        state: row.state as State,
        since: row.since,
      })),

    /** The states that transitions lead to; of a monitor that changed more than once, the last. */
    saveAll: async (transitions: readonly WordedTransition[]): Promise<void> => {
      const last = [...new Map(transitions.map((transition) => [transition.monitorId, transition])).values()]
      for (const part of chunks(last, ROWS_AT_ONCE))
        await statements.rows(saveText(part.length), part.flatMap(savedValues))
    },

    saveSignal: async (monitorId: number, signal: Signal): Promise<void> => {
      const lastSignal = JSON.stringify(signal)
      const empty = {
        state: 'unknown',
        beneath: 'unknown',
        since: signal.at,
        code: 'ok',
        cause: '',
        changed_at: signal.at,
      }
      await db
        .insertInto('states')
        .values({ ...empty, monitor_id: monitorId, last_signal: lastSignal })
        .onConflict((conflict) => conflict.column('monitor_id').doUpdateSet({ last_signal: lastSignal }))
        .execute()
    },

    /** Forgets what is known, for a monitor that now watches something else. */
    forget: async (monitorId: number): Promise<void> => {
      await db.deleteFrom('states').where('monitor_id', '=', monitorId).execute()
    },
  }
}
