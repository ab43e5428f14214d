import type { Selectable } from 'kysely'
import type { Database } from './database.ts'
import type { GapsTable } from './tables.ts'

/** A time in which this server did not look at all, ms. */
export interface Gap {
  readonly from: number
  readonly to: number
  readonly reason: string
}

/** No server ran, or the one that runs stood still. */
export const NOT_RUNNING = 'not_running'
/** The same for so short a time that only what calls us is concerned. */
export const NOT_LISTENING = 'not_listening'
const ABSENCES = [NOT_RUNNING, NOT_LISTENING]

const gapOf = (row: Selectable<GapsTable>): Gap => ({ from: row.from_at, to: row.to_at, reason: row.reason })

export const createGaps = (db: Database) => ({
  insert: async ({ from, to, reason }: Gap): Promise<void> => {
    await db.insertInto('gaps').values({ from_at: from, to_at: to, reason }).execute()
  },

  /** When no server listened since then, however short, oldest first. */
  absences: async (since: number): Promise<Gap[]> => {
    const all = db.selectFrom('gaps').selectAll().where('reason', 'in', ABSENCES)
    return (await all.where('to_at', '>', since).orderBy('from_at').execute()).map(gapOf)
  },

  /** Those that are long enough to leave a hole in what is known, oldest first. */
  between: async (from: number, to: number): Promise<Gap[]> => {
    const rows = await db
      .selectFrom('gaps')
      .selectAll()
      .where('reason', '!=', NOT_LISTENING)
      .where('to_at', '>', from)
      .where('from_at', '<', to)
      .orderBy('from_at')
      .execute()
    return rows.map(gapOf)
  },
})
