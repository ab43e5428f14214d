import type { Selectable } from 'kysely'
import type { Matcher, Quiet } from '#core/rule/matcher.ts'
import type { Database } from './database.ts'
import { idOf } from './database.ts'
import type { MaintenanceTable } from './tables.ts'

/** A planned stretch of time: what fails in it is recorded, and told only if it still fails at the end. */
export interface MaintenanceWindow extends Quiet {
  readonly name: string
  readonly createdBy: string
  readonly createdAt: number
  /** The plan that it is one occurrence of. */
  readonly planId?: number
}

const fromRow = (row: Selectable<MaintenanceTable>): MaintenanceWindow => ({
  id: row.id,
  matchers: JSON.parse(row.matchers) as Matcher[],
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  name: row.name,
  createdBy: row.created_by,
  createdAt: row.created_at,
  ...(row.plan_id !== null && { planId: row.plan_id }),
})

export const createMaintenance = (db: Database) => ({
  insert: async (window: Omit<MaintenanceWindow, 'id'>): Promise<number> => {
    const { matchers, startsAt, endsAt, name, createdBy, createdAt, planId = null } = window
    return idOf(
      await db
        .insertInto('maintenance')
        .values({
          matchers: JSON.stringify(matchers),
          starts_at: startsAt,
          ends_at: endsAt,
          name,
          created_by: createdBy,
          created_at: createdAt,
          plan_id: planId,
        })
        .returning('id')
        .executeTakeFirst(),
    )
  },

  /** Those that are not over at `now`. */
  current: async (now: number): Promise<MaintenanceWindow[]> =>
    (await db.selectFrom('maintenance').selectAll().where('ends_at', '>', now).orderBy('id').execute()).map(fromRow),

  /** Those that touch a stretch of time, ms; for availability, which leaves them out. */
  between: async (from: number, to: number): Promise<MaintenanceWindow[]> => {
    const touching = db.selectFrom('maintenance').selectAll().where('ends_at', '>', from).where('starts_at', '<', to)
    return (await touching.orderBy('starts_at').execute()).map(fromRow)
  },

  /** Ends the occurrence of a plan that runs, and takes away those that have not begun. */
  unplan: async (planId: number, now: number): Promise<void> => {
    await db
      .updateTable('maintenance')
      .set({ ends_at: now })
      .where('plan_id', '=', planId)
      .where('ends_at', '>', now)
      .where('starts_at', '<=', now)
      .execute()
    await db.deleteFrom('maintenance').where('plan_id', '=', planId).where('starts_at', '>', now).execute()
  },

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
