import type { Selectable } from 'kysely'
import type { Matcher } from '#core/rule/matcher.ts'
import type { Database } from './database.ts'
import { idOf } from './database.ts'
import type { MaintenancePlansTable } from './tables.ts'

/** When windows begin and how long each lasts: by a time table of five fields and the clock of a zone. */
export interface Recurring {
  readonly cron: string
  readonly timeZone: string
  readonly durationMs: number
}

/** A single window. */
export interface Once {
  readonly startsAt: number
  readonly endsAt: number
}

/** What makes maintenance windows. Times in ms. */
export interface MaintenancePlan {
  readonly id: number
  readonly name: string
  readonly matchers: readonly Matcher[]
  readonly when: Recurring | Once
  /** Occurrences that begin before this are windows already. */
  readonly plannedUntil: number
  readonly createdBy: string
  readonly createdAt: number
  /** `file:line` for one that a file owns. */
  readonly origin?: string
}

const whenOf = (row: Selectable<MaintenancePlansTable>): Recurring | Once => {
  const { cron, time_zone: timeZone, duration_ms: durationMs, starts_at: startsAt } = row
  return startsAt === null ? { cron, timeZone, durationMs } : { startsAt, endsAt: startsAt + durationMs }
}

const columnsOf = (when: Recurring | Once) =>
  'cron' in when
    ? { cron: when.cron, time_zone: when.timeZone, duration_ms: when.durationMs, starts_at: null }
    : { cron: '', time_zone: 'UTC', duration_ms: when.endsAt - when.startsAt, starts_at: when.startsAt }

const fromRow = (row: Selectable<MaintenancePlansTable>): MaintenancePlan => ({
  id: row.id,
  name: row.name,
  matchers: JSON.parse(row.matchers) as Matcher[],
  when: whenOf(row),
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
      ...columnsOf(plan.when),
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
