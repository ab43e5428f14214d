import type { Selectable } from 'kysely'
import type { Matcher, Quiet } from '#core/matcher.ts'
import type { Database } from './database.ts'
import { idOf } from './database.ts'
import type { MaintenanceTable } from './tables.ts'

/** A planned stretch of time: what fails in it is recorded, and told only if it still fails at the end. */
export interface MaintenanceWindow extends Quiet {
  readonly name: string
  readonly createdBy: string
  readonly createdAt: number
}

const fromRow = (row: Selectable<MaintenanceTable>): MaintenanceWindow => ({
  id: row.id,
  matchers: JSON.parse(row.matchers) as Matcher[],
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  name: row.name,
  createdBy: row.created_by,
  createdAt: row.created_at,
})

export const createMaintenance = (db: Database) => ({
  insert: async ({
    matchers,
    startsAt,
    endsAt,
    name,
    createdBy,
    createdAt,
  }: Omit<MaintenanceWindow, 'id'>): Promise<number> =>
    idOf(
      await db
        .insertInto('maintenance')
        .values({
          matchers: JSON.stringify(matchers),
          starts_at: startsAt,
          ends_at: endsAt,
          name,
          created_by: createdBy,
          created_at: createdAt,
        })
        .returning('id')
        .executeTakeFirst(),
    ),

  /** Those that are not over at `now`. */
  current: async (now: number): Promise<MaintenanceWindow[]> =>
    (await db.selectFrom('maintenance').selectAll().where('ends_at', '>', now).orderBy('id').execute()).map(fromRow),

  /** Newest first, those that are over included. */
  list: async (limit: number, before?: number): Promise<MaintenanceWindow[]> => {
    let query = db.selectFrom('maintenance').selectAll().orderBy('id', 'desc').limit(limit)
    if (before !== undefined) query = query.where('id', '<', before)
    return (await query.execute()).map(fromRow)
  },

  /** Ends it now. False when there is none such that still runs. */
  end: async (id: number, now: number): Promise<boolean> => {
    const result = await db
      .updateTable('maintenance')
      .set({ ends_at: now })
      .where('id', '=', id)
      .where('ends_at', '>', now)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  },
})
