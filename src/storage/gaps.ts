import type { Database } from './database.ts'

/** A time in which this server did not look at all, ms. */
export interface Gap {
  readonly from: number
  readonly to: number
  readonly reason: string
}

export const createGaps = (db: Database) => ({
  insert: async ({ from, to, reason }: Gap): Promise<void> => {
    await db.insertInto('gaps').values({ from_at: from, to_at: to, reason }).execute()
  },

  between: async (from: number, to: number): Promise<Gap[]> => {
    const rows = await db
      .selectFrom('gaps')
      .selectAll()
      .where('to_at', '>', from)
      .where('from_at', '<', to)
      .orderBy('from_at')
      .execute()
    return rows.map((row) => ({ from: row.from_at, to: row.to_at, reason: row.reason }))
  },
})
