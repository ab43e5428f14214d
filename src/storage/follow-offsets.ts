import type { FilePosition, FilePositions } from '#core/event/file-position.ts'
import { chunks, type Database } from './database.ts'
import type { StoreSystems } from './systems.ts'

/** How far the files of followed logs have been read. */
export const createFollowOffsets = (db: Database, wall: StoreSystems['wall']): FilePositions => ({
  load: async (log) => {
    const rows = await db
      .selectFrom('follow_offsets')
      .select('position')
      .where('log', '=', log)
      .orderBy('updated_at')
      .execute()
    return rows.map(({ position }) => JSON.parse(position) as FilePosition)
  },

  save: async (log, position) => {
    const row = { position: JSON.stringify(position), updated_at: wall() }
    await db
      .insertInto('follow_offsets')
      .values({ log, file: position.id, ...row })
      .onConflict((conflict) => conflict.columns(['log', 'file']).doUpdateSet(row))
      .execute()
  },

  forget: async (log, ids) => {
    for (const part of chunks(ids))
      await db.deleteFrom('follow_offsets').where('log', '=', log).where('file', 'in', part).execute()
  },
})
