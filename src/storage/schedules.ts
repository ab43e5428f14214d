import type { Cause } from '#core/cause/cause.ts'
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
  /** What came of the last run, in English words. */
  readonly result: string | null
  /** What they are made of; undefined of a run that failed, and of one of an older version. */
  readonly cause: Cause | undefined
}

/** How a run ended. */
type Ended = Pick<ScheduleRow, 'cause'> & { readonly ok: boolean; readonly result: string }

/** Words and what they are made of, in one column; an older version wrote words alone. */
const written = ({ result, cause }: Ended): string => (cause === undefined ? result : JSON.stringify({ result, cause }))

const read = (text: string | null): Pick<ScheduleRow, 'result' | 'cause'> => {
  if (!text?.startsWith('{"result":')) return { result: text, cause: undefined }
  return JSON.parse(text) as Pick<ScheduleRow, 'result' | 'cause'>
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
      ...read(row.result),
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

  finished: async (name: string, at: number, ended: Ended): Promise<void> => {
    const values = { finished_at: at, ok: ended.ok ? 1 : 0, result: written(ended) }
    await db.updateTable('schedules').set(values).where('name', '=', name).execute()
  },
})
