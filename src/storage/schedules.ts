import type { ScheduleTiming } from '#core/schedule.ts'
import type { Database } from './database.ts'

/** What is kept of a scheduled job. Times in ms. */
export interface ScheduleRow {
  readonly name: string
  readonly enabled: boolean
  readonly timing: ScheduleTiming
  readonly startedAt: number | null
  readonly finishedAt: number | null
  readonly ok: boolean | null
  /** What came of the last run, in words. */
  readonly result: string | null
}

export const createSchedules = (db: Database) => ({
  list: async (): Promise<ScheduleRow[]> =>
    (await db.selectFrom('schedules').selectAll().execute()).map((row) => ({
      name: row.name,
      enabled: row.enabled === 1,
      timing: JSON.parse(row.timing) as ScheduleTiming,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      ok: row.ok === null ? null : row.ok === 1,
      result: row.result,
    })),

  /** Stores what is set; `known` keeps what people set before. */
  save: async (name: string, { enabled, timing }: Pick<ScheduleRow, 'enabled' | 'timing'>): Promise<void> => {
    const values = { enabled: enabled ? 1 : 0, timing: JSON.stringify(timing) }
    await db
      .insertInto('schedules')
      .values({ name, ...values, started_at: null, finished_at: null, ok: null, result: null })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
      .execute()
  },

  started: async (name: string, at: number): Promise<void> => {
    await db.updateTable('schedules').set({ started_at: at }).where('name', '=', name).execute()
  },

  finished: async (name: string, at: number, ok: boolean, result: string): Promise<void> => {
    const values = { finished_at: at, ok: ok ? 1 : 0, result }
    await db.updateTable('schedules').set(values).where('name', '=', name).execute()
  },
})
