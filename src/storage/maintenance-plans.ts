import type { Selectable } from 'kysely'
import type { Matcher } from '#core/rule/matcher.ts'
import type { Database } from './database.ts'
import { idOf } from './database.ts'
import type { MaintenancePlansTable } from './tables.ts'

/** A maintenance window that comes again and again. Times in ms. */
export interface MaintenancePlan {
  readonly id: number
  readonly name: string
  readonly matchers: readonly Matcher[]
  /** Five fields: when it begins, by the clock of the zone. */
  readonly cron: string
  readonly durationMs: number
  readonly timeZone: string
  /** Occurrences that begin before this are windows already. */
  readonly plannedUntil: number
  readonly createdBy: string
  readonly createdAt: number
  /** `file:line` for one that a file owns. */
  readonly origin?: string
}

const fromRow = (row: Selectable<MaintenancePlansTable>): MaintenancePlan => ({
  id: row.id,
  name: row.name,
  matchers: JSON.parse(row.matchers) as Matcher[],
  cron: row.cron,
  durationMs: row.duration_ms,
  timeZone: row.time_zone,
  plannedUntil: row.planned_until,
  createdBy: row.created_by,
  createdAt: row.created_at,
  ...(row.origin !== null && { origin: row.origin }),
})

export const createMaintenancePlans = (db: Database) => ({
  list: async (): Promise<MaintenancePlan[]> =>
    (await db.selectFrom('maintenance_plans').selectAll().where('removed_at', 'is', null).orderBy('id').execute()).map(
      fromRow,
    ),

  /** Stores a plan under its name; what was planned by an earlier form of it is planned anew from `plannedUntil`. */
  save: async (plan: Omit<MaintenancePlan, 'id'>): Promise<number> => {
    const values = {
      name: plan.name,
      matchers: JSON.stringify(plan.matchers),
      cron: plan.cron,
      duration_ms: plan.durationMs,
      time_zone: plan.timeZone,
      planned_until: plan.plannedUntil,
      created_by: plan.createdBy,
      created_at: plan.createdAt,
      removed_at: null,
      origin: plan.origin ?? null,
    }
    return idOf(
      await db
        .insertInto('maintenance_plans')
        .values(values)
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .returning('id')
        .executeTakeFirst(),
    )
  },

  planned: async (id: number, until: number): Promise<void> => {
    await db.updateTable('maintenance_plans').set({ planned_until: until }).where('id', '=', id).execute()
  },

  remove: async (id: number, now: number): Promise<void> => {
    await db.updateTable('maintenance_plans').set({ removed_at: now }).where('id', '=', id).execute()
  },
})
