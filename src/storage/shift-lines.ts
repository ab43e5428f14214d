import type { Selectable } from 'kysely'
import type { NewShiftLine, ShiftLine, ShiftLineKind } from '#core/shift/shift-line.ts'
import type { Database } from './database.ts'
import { idOf } from './database.ts'
import type { ShiftLinesTable } from './tables.ts'

const fromRow = (row: Selectable<ShiftLinesTable>): ShiftLine => ({
  id: row.id,
  at: row.at,
  by: row.written_by,
  kind: row.kind as ShiftLineKind,
  text: row.text,
  ticket: row.ticket,
  pinned: row.pinned === 1,
  doneAt: row.done_at,
  doneBy: row.done_by,
  alertId: row.alert_id,
  monitorId: row.monitor_id,
})

export interface LineFilter {
  readonly alertId?: number | undefined
  readonly monitorId?: number | undefined
  /** Ms. */
  readonly since?: number | undefined
  /** Id of the last one seen. */
  readonly before?: number | undefined
  readonly limit: number
}

/** The shift log: lines are added, and none is taken away. */
export const createShiftLines = (db: Database) => ({
  insert: async ({ at, by, kind, text, ticket, pinned, alertId, monitorId }: NewShiftLine): Promise<number> =>
    idOf(
      await db
        .insertInto('shift_lines')
        .values({
          at,
          written_by: by,
          kind,
          text,
          ticket,
          pinned: pinned ? 1 : 0,
          done_at: null,
          done_by: null,
          alert_id: alertId,
          monitor_id: monitorId,
        })
        .returning('id')
        .executeTakeFirst(),
    ),

  byId: async (id: number): Promise<ShiftLine | undefined> => {
    const row = await db.selectFrom('shift_lines').selectAll().where('id', '=', id).executeTakeFirst()
    return row && fromRow(row)
  },

  /** Newest first. */
  list: async ({ alertId, monitorId, since, before, limit }: LineFilter): Promise<ShiftLine[]> => {
    let query = db.selectFrom('shift_lines').selectAll().orderBy('id', 'desc').limit(limit)
    if (alertId !== undefined) query = query.where('alert_id', '=', alertId)
    if (monitorId !== undefined) query = query.where('monitor_id', '=', monitorId)
    if (since !== undefined) query = query.where('at', '>=', since)
    if (before !== undefined) query = query.where('id', '<', before)
    return (await query.execute()).map(fromRow)
  },

  /** Those that stay in sight, oldest first. */
  pinned: async (limit: number): Promise<ShiftLine[]> => {
    const open = db.selectFrom('shift_lines').selectAll().where('pinned', '=', 1).where('done_at', 'is', null)
    return (await open.orderBy('id').limit(limit).execute()).map(fromRow)
  },

  /** The last handover, signed or not. */
  lastHandover: async (): Promise<ShiftLine | undefined> => {
    const handovers = db.selectFrom('shift_lines').selectAll().where('kind', '=', 'handover')
    const row = await handovers.orderBy('id', 'desc').limit(1).executeTakeFirst()
    return row && fromRow(row)
  },

  /** Done, or signed, once. False when it was before, or there is none. */
  done: async (id: number, by: string, at: number): Promise<boolean> => {
    const result = await db
      .updateTable('shift_lines')
      .set({ done_at: at, done_by: by })
      .where('id', '=', id)
      .where('done_at', 'is', null)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  },

  /** True when anybody ever wrote a line. */
  any: async (): Promise<boolean> =>
    (await db.selectFrom('shift_lines').select('id').limit(1).executeTakeFirst()) !== undefined,
})
