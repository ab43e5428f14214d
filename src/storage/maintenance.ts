import { type Selectable, sql } from 'kysely'
import { type MaintenancePhase, type MaintenanceTelling, nextTellingAt } from '#core/maintenance/telling.ts'
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
  /** All that is reached through what it matches is covered, too. */
  readonly behind: boolean
  readonly note: string
  readonly tell?: MaintenanceTelling
  /** What was told of it. */
  readonly told: readonly MaintenancePhase[]
}

/** One that is to be; what it does not say is not so. */
export type NewMaintenanceWindow = Omit<MaintenanceWindow, 'id' | 'told' | 'behind' | 'note'> &
  Partial<Pick<MaintenanceWindow, 'behind' | 'note'>>

/** What of it people may change. */
type Changed = Pick<MaintenanceWindow, 'name' | 'matchers' | 'startsAt' | 'endsAt' | 'behind' | 'note' | 'tell'>

const toldOf = (told: string) => told.split(' ').filter(Boolean) as MaintenancePhase[]

const whatOf = ({
  name,
  matchers,
  startsAt,
  endsAt,
  behind = false,
  note = '',
  tell,
}: Omit<NewMaintenanceWindow, 'createdBy' | 'createdAt'>) => ({
  name,
  matchers: JSON.stringify(matchers),
  starts_at: startsAt,
  ends_at: endsAt,
  behind: behind ? 1 : 0,
  note,
  tell: tell ? JSON.stringify(tell) : null,
})

const fromRow = (row: Selectable<MaintenanceTable>): MaintenanceWindow => ({
  id: row.id,
  matchers: JSON.parse(row.matchers) as Matcher[],
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  name: row.name,
  createdBy: row.created_by,
  createdAt: row.created_at,
  ...(row.plan_id !== null && { planId: row.plan_id }),
  behind: row.behind === 1,
  note: row.note,
  ...(row.tell !== null && { tell: JSON.parse(row.tell) as MaintenanceTelling }),
  told: toldOf(row.told),
})

/** One that ends earlier is looked at anew, where it is told to anybody. */
const tellEnd = (now: number) => ({
  tell_at: sql<number | null>`case when tell is null then null else cast(${now} as bigint) end`,
})

export const createMaintenance = (db: Database) => ({
  insert: async (window: NewMaintenanceWindow): Promise<number> => {
    const { createdBy, createdAt, planId = null } = window
    return idOf(
      await db
        .insertInto('maintenance')
        .values({
          ...whatOf(window),
          created_by: createdBy,
          created_at: createdAt,
          plan_id: planId,
          told: '',
          tell_at: nextTellingAt({ ...window, told: [] }),
        })
        .returning('id')
        .executeTakeFirst(),
    )
  },

  byId: async (id: number): Promise<MaintenanceWindow | undefined> => {
    const row = await db.selectFrom('maintenance').selectAll().where('id', '=', id).executeTakeFirst()
    return row && fromRow(row)
  },

  /** Changes what people planned; what was told of it stays told. */
  change: async ({ id, told, ...window }: Changed & Pick<MaintenanceWindow, 'id' | 'told'>): Promise<void> => {
    const values = { ...whatOf(window), tell_at: nextTellingAt({ ...window, told }) }
    await db.updateTable('maintenance').set(values).where('id', '=', id).execute()
  },

  /** Those of which something is to be told by now, oldest first. */
  toTell: async (now: number, limit: number): Promise<MaintenanceWindow[]> => {
    const due = db.selectFrom('maintenance').selectAll().where('tell_at', 'is not', null).where('tell_at', '<=', now)
    return (await due.orderBy('tell_at').limit(limit).execute()).map(fromRow)
  },

  /** When something of any is to be told next, ms; null: nothing. */
  nextTellAt: async (): Promise<number | null> => {
    const row = await db
      .selectFrom('maintenance')
      .select('tell_at')
      .where('tell_at', 'is not', null)
      .orderBy('tell_at')
      .limit(1)
      .executeTakeFirst()
    return row?.tell_at ?? null
  },

  /** Notes what was told, and when to look again, ms. */
  told: async (id: number, told: readonly MaintenancePhase[], nextAt: number | null): Promise<void> => {
    await db
      .updateTable('maintenance')
      .set({ told: told.join(' '), tell_at: nextAt })
      .where('id', '=', id)
      .execute()
  },

  /** How many that people planned singly are not over. */
  countSingle: async (now: number): Promise<number> => {
    const row = await db
      .selectFrom('maintenance')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('ends_at', '>', now)
      .where('plan_id', 'is', null)
      .executeTakeFirst()
    return Number(row?.count ?? 0)
  },

  /** True when any was ever planned. */
  any: async (): Promise<boolean> =>
    (await db.selectFrom('maintenance').select('id').limit(1).executeTakeFirst()) !== undefined,

  /** Those that are not over at `now`. */
  current: async (now: number): Promise<MaintenanceWindow[]> =>
    (await db.selectFrom('maintenance').selectAll().where('ends_at', '>', now).orderBy('id').execute()).map(fromRow),

  /** Those that touch a stretch of time, ms; for availability, which leaves them out. */
  between: async (from: number, to: number): Promise<MaintenanceWindow[]> => {
    const touching = db.selectFrom('maintenance').selectAll().where('ends_at', '>', from).where('starts_at', '<', to)
    return (await touching.orderBy('starts_at').execute()).map(fromRow)
  },

  /** Ends the occurrence of a plan that runs, and takes away those that have not begun; who was told of one hears that. */
  unplan: async (planId: number, now: number): Promise<void> => {
    await db
      .updateTable('maintenance')
      .set({ ends_at: now, ...tellEnd(now) })
      .where('plan_id', '=', planId)
      .where('ends_at', '>', now)
      .where((where) => where.or([where('starts_at', '<=', now), where('told', '!=', '')]))
      .execute()
    await db
      .deleteFrom('maintenance')
      .where('plan_id', '=', planId)
      .where('starts_at', '>', now)
      .where('told', '=', '')
      .execute()
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
      .set({ ends_at: now, ...tellEnd(now) })
      .where('id', '=', id)
      .where('ends_at', '>', now)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  },
})
