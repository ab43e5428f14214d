import { type Selectable, sql } from 'kysely'
import type { Monitor, MonitorSpec, Pause } from '#core/monitor/monitor.ts'
import type { Database } from './database.ts'
import { chunks, freeName, idOf } from './database.ts'
import type { MonitorsTable } from './tables.ts'

const COLUMNS = [
  'id',
  'name',
  'type',
  'spec',
  'paused',
  'paused_by_hand',
  'origin',
  'paused_by',
  'pause_reason',
  'paused_until',
  'paused_at',
] as const

type Row = Pick<Selectable<MonitorsTable>, (typeof COLUMNS)[number]>

const fromRow = (row: Row): Monitor => ({
  ...(JSON.parse(row.spec) as MonitorSpec),
  id: row.id,
  name: row.name,
  type: row.type,
  paused: row.paused === 1 || row.paused_by_hand === 1,
  ...(row.origin !== null && { origin: row.origin }),
  ...(row.paused_by_hand === 1 && row.paused_at !== null && { pausedAt: row.paused_at }),
  ...(row.paused_by_hand === 1 &&
    row.paused_by !== null && {
      pause: { by: row.paused_by, reason: row.pause_reason ?? '', until: row.paused_until },
    }),
})

const toRow = (monitor: MonitorSpec) => ({
  name: monitor.name,
  type: monitor.type,
  // How it is paused stands in columns of its own.
  spec: JSON.stringify({ ...monitor, pause: undefined, pausedAt: undefined }),
  paused: monitor.paused ? 1 : 0,
  origin: monitor.origin ?? null,
})

export const createMonitors = (db: Database) => ({
  /** Those that are watched, paused ones included. */
  list: async (): Promise<Monitor[]> =>
    (await db.selectFrom('monitors').select(COLUMNS).where('removed_at', 'is', null).orderBy('id').execute()).map(
      fromRow,
    ),

  byId: async (id: number): Promise<Monitor | undefined> => {
    const row = await db.selectFrom('monitors').select(COLUMNS).where('id', '=', id).executeTakeFirst()
    return row && fromRow(row)
  },

  /**
   * Stores a monitor under its name; a name that was removed earlier comes back with its old id and history. `was` is
   * the name of the one that it replaces: cheaper where it is known, and a rename where it is another. Returns the id.
   */
  save: async (monitor: MonitorSpec, now: number, was?: string): Promise<number> => {
    const values = { ...toRow(monitor), removed_at: null, updated_at: now }
    if (was !== undefined) {
      if (was !== monitor.name) await freeName(db, 'monitors', monitor.name)
      const renamed = await db
        .updateTable('monitors')
        .set(values)
        .where('name', '=', was)
        .returning('id')
        .executeTakeFirst()
      if (renamed) return idOf(renamed)
    }
    return idOf(
      await db
        .insertInto('monitors')
        .values({ ...values, created_at: now })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .returning('id')
        .executeTakeFirst(),
    )
  },

  /** Stores monitors that have nothing to replace, as `save` does, many in a statement. Each has another name. */
  saveAll: async (monitors: readonly MonitorSpec[], now: number): Promise<void> => {
    for (const some of chunks(monitors))
      await db
        .insertInto('monitors')
        .values(some.map((monitor) => ({ ...toRow(monitor), removed_at: null, updated_at: now, created_at: now })))
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet(({ ref }) => ({
            type: ref('excluded.type'),
            spec: ref('excluded.spec'),
            paused: ref('excluded.paused'),
            origin: ref('excluded.origin'),
            removed_at: null,
            updated_at: now,
          })),
        )
        .execute()
  },

  /** Stops watching; the history stays for its retention. */
  remove: async (id: number, now: number): Promise<void> => {
    await db.updateTable('monitors').set({ removed_at: now, updated_at: now }).where('id', '=', id).execute()
  },

  /** Takes a channel out of those that hear of a monitor, or puts another in its place. */
  replaceChannel: async (id: number, from: string, to: string | undefined, now: number): Promise<void> => {
    const row = await db.selectFrom('monitors').select('spec').where('id', '=', id).executeTakeFirst()
    if (!row) return
    const spec = JSON.parse(row.spec) as MonitorSpec
    const channels = spec.channels.flatMap((name) => (name !== from ? [name] : to === undefined ? [] : [to]))
    const values = { spec: JSON.stringify({ ...spec, channels }), updated_at: now }
    await db.updateTable('monitors').set(values).where('id', '=', id).execute()
  },

  /** Pauses or goes on by hand, which also holds for a monitor that a file owns. */
  pause: async (id: number, paused: boolean, now: number, pause?: Pause): Promise<void> => {
    const values = {
      paused_by_hand: paused ? 1 : 0,
      paused_by: (paused && pause?.by) || null,
      pause_reason: (paused && pause?.reason) || null,
      paused_until: (paused && pause?.until) || null,
      // Another word about a pause that lasts is no new one.
      paused_at: paused ? sql<number>`case when paused_by_hand = 1 then paused_at else ${now} end` : null,
      updated_at: now,
    }
    await db.updateTable('monitors').set(values).where('id', '=', id).execute()
  },
})
