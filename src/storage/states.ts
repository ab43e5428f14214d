import type { State } from '#core/monitor.ts'
import type { Signal } from '#core/probe.ts'
import type { ErrorCode } from '#core/result.ts'
import type { Transition } from '#core/transition.ts'
import type { Database } from './database.ts'

/** The last verdict on a monitor. Times in ms. */
export interface StoredState {
  readonly monitorId: number
  readonly state: State
  /** The state that `unknown` covers. */
  readonly beneath: State
  readonly since: number
  readonly code: ErrorCode
  readonly cause: string
  /** The last call of a passive monitor. */
  readonly lastSignal: Signal | null
}

export const createStates = (db: Database) => ({
  all: async (): Promise<StoredState[]> => {
    const rows = await db.selectFrom('states').selectAll().execute()
    return rows.map((row) => ({
      monitorId: row.monitor_id,
      state: row.state as State,
      beneath: row.beneath as State,
      since: row.since,
      code: row.code as ErrorCode,
      cause: row.cause,
      lastSignal: row.last_signal === null ? null : (JSON.parse(row.last_signal) as Signal),
    }))
  },

  /** The state that a transition leads to. */
  save: async ({ monitorId, from, to, since, code, cause, at }: Transition): Promise<void> => {
    const values = { state: to, beneath: to === 'unknown' ? from : to, since, code, cause, changed_at: at }
    await db
      .insertInto('states')
      .values({ ...values, monitor_id: monitorId })
      .onConflict((conflict) => conflict.column('monitor_id').doUpdateSet(values))
      .execute()
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
})
