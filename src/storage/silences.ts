import type { Selectable } from 'kysely'
import type { Matcher, Quiet } from '#core/rule/matcher.ts'
import type { Database } from './database.ts'
import { idOf } from './database.ts'
import type { SilencesTable } from './tables.ts'

/** Keeps matching alerts from being told of for a while. */
export interface Silence extends Quiet {
  readonly comment: string
  readonly createdBy: string
  readonly createdAt: number
  /** `file:line` for one that a file owns. */
  readonly origin?: string
}

const fromRow = (row: Selectable<SilencesTable>): Silence => ({
  id: row.id,
  matchers: JSON.parse(row.matchers) as Matcher[],
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  comment: row.comment,
  createdBy: row.created_by,
  createdAt: row.created_at,
  ...(row.origin !== null && { origin: row.origin }),
})

export const createSilences = (db: Database) => ({
  insert: async (silence: Omit<Silence, 'id'>): Promise<number> => {
    const { matchers, startsAt, endsAt, comment, createdBy, createdAt, origin = null } = silence
    return idOf(
      await db
        .insertInto('silences')
        .values({
          matchers: JSON.stringify(matchers),
          starts_at: startsAt,
          ends_at: endsAt,
          comment,
          created_by: createdBy,
          created_at: createdAt,
          origin,
        })
        .returning('id')
        .executeTakeFirst(),
    )
  },

  /** Those that are not over at `now`. */
  current: async (now: number): Promise<Silence[]> =>
    (await db.selectFrom('silences').selectAll().where('ends_at', '>', now).orderBy('id').execute()).map(fromRow),

  /** Newest first, those that are over included. */
  list: async (limit: number, before?: number): Promise<Silence[]> => {
    let query = db.selectFrom('silences').selectAll().orderBy('id', 'desc').limit(limit)
    if (before !== undefined) query = query.where('id', '<', before)
    return (await query.execute()).map(fromRow)
  },

  /** Ends it now. False when there is none such that still runs. */
  end: async (id: number, now: number): Promise<boolean> => {
    const result = await db
      .updateTable('silences')
      .set({ ends_at: now })
      .where('id', '=', id)
      .where('ends_at', '>', now)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  },
})
