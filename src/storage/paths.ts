import type { Selectable } from 'kysely'
import type { MonitorPath, PathKind } from '#core/monitor/path.ts'
import { chunks, type Database } from './database.ts'
import type { PathsTable } from './tables.ts'

const fromRow = (row: Selectable<PathsTable>): MonitorPath => ({
  monitorId: row.monitor_id,
  kind: row.kind as PathKind,
  at: row.at,
  address: row.address,
  hops: JSON.parse(row.hops),
  reached: row.reached === 1,
})

/** The last way of each kind that was seen to each monitor. */
export const createPaths = (db: Database) => ({
  /** Each takes the place of the one of the same monitor and kind. */
  save: async (paths: readonly MonitorPath[]): Promise<void> => {
    for (const { monitorId, kind, at, address, hops, reached } of paths) {
      const values = { at, address, hops: JSON.stringify(hops), reached: reached ? 1 : 0 }
      await db
        .insertInto('paths')
        .values({ ...values, monitor_id: monitorId, kind })
        .onConflict((conflict) => conflict.columns(['monitor_id', 'kind']).doUpdateSet(values))
        .execute()
    }
  },

  ofMonitor: async (monitorId: number): Promise<Partial<Record<PathKind, MonitorPath>>> => {
    const rows = await db.selectFrom('paths').selectAll().where('monitor_id', '=', monitorId).execute()
    return Object.fromEntries(rows.map((row) => [row.kind, fromRow(row)]))
  },

  /** Those that were seen while all was well, of some monitors or of all. */
  well: async (monitorIds?: readonly number[]): Promise<MonitorPath[]> => {
    const all = db.selectFrom('paths').selectAll().where('kind', '=', 'well')
    if (monitorIds === undefined) return (await all.orderBy('monitor_id').execute()).map(fromRow)
    const found: MonitorPath[] = []
    for (const part of chunks(monitorIds))
      found.push(...(await all.where('monitor_id', 'in', part).execute()).map(fromRow))
    return found
  },

  /** When each monitor's way was last seen while it was well, ms by monitor. */
  wellTimes: async (): Promise<Map<number, number>> => {
    const rows = await db.selectFrom('paths').select(['monitor_id', 'at']).where('kind', '=', 'well').execute()
    return new Map(rows.map(({ monitor_id, at }) => [monitor_id, at]))
  },
})
