import type { Selectable } from 'kysely'
import type { Recurrence } from '#core/maintenance/recurrence.ts'
import type { MaintenanceTelling } from '#core/maintenance/telling.ts'
import type { Matcher } from '#core/rule/matcher.ts'
import type { Database } from './database.ts'
import { idOf } from './database.ts'
import type { MaintenancePlansTable } from './tables.ts'

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
  readonly when: Recurrence | Once
  /** All that is reached through what it matches is covered, too. */
  readonly behind: boolean
  readonly note: string
  readonly tell?: MaintenanceTelling
  /** Occurrences that begin before this are windows already. */
  readonly plannedUntil: number
  readonly createdBy: string
  readonly createdAt: number
  /** `file:line` for one that a file owns. */
  readonly origin?: string
}

const whenOf = (row: Selectable<MaintenancePlansTable>): Recurrence | Once => {
  const { cron, time_zone: timeZone, duration_ms: durationMs, starts_at: startsAt } = row
  return startsAt === null ? { cron, timeZone, durationMs } : { startsAt, endsAt: startsAt + durationMs }
}

const columnsOf = (when: Recurrence | Once) =>
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
  behind: row.behind === 1,
  note: row.note,
  ...(row.tell !== null && { tell: JSON.parse(row.tell) as MaintenanceTelling }),
})

/** One that is to be; what it does not say is not so. */
type NewMaintenancePlan = Omit<MaintenancePlan, 'id' | 'behind' | 'note'> &
  Partial<Pick<MaintenancePlan, 'behind' | 'note'>>

const valuesOf = (plan: NewMaintenancePlan) => ({
  name: plan.name,
  matchers: JSON.stringify(plan.matchers),
  ...columnsOf(plan.when),
  planned_until: plan.plannedUntil,
  created_by: plan.createdBy,
  created_at: plan.createdAt,
  removed_at: null,
  origin: plan.origin ?? null,
  behind: plan.behind ? 1 : 0,
  note: plan.note ?? '',
  tell: plan.tell ? JSON.stringify(plan.tell) : null,
})

export const createMaintenancePlans = (db: Database) => ({
  list: async (): Promise<MaintenancePlan[]> =>
    (await db.selectFrom('maintenance_plans').selectAll().where('removed_at', 'is', null).orderBy('id').execute()).map(
      fromRow,
    ),

  /** Stores a plan under its name; what was planned by an earlier form of it is planned anew from `plannedUntil`. */
  save: async (plan: NewMaintenancePlan): Promise<number> => {
    const values = valuesOf(plan)
    return idOf(
      await db
        .insertInto('maintenance_plans')
        .values(values)
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .returning('id')
        .executeTakeFirst(),
    )
  },

  /** Changes one under its id; what was planned by its earlier form is planned anew. */
  change: async (id: number, plan: NewMaintenancePlan): Promise<void> => {
    await db.updateTable('maintenance_plans').set(valuesOf(plan)).where('id', '=', id).execute()
  },

  planned: async (id: number, until: number): Promise<void> => {
    await db.updateTable('maintenance_plans').set({ planned_until: until }).where('id', '=', id).execute()
  },

  remove: async (id: number, now: number): Promise<void> => {
    await db.updateTable('maintenance_plans').set({ removed_at: now }).where('id', '=', id).execute()
  },
})
