import type { Json } from '#lib/json.ts'
import type { Database } from './database.ts'

/** Answers of requests that name a key, so that a repeat gets the same answer and does nothing. */
export const createIdempotencyKeys = (db: Database) => ({
  answer: async <T extends Json>(key: string): Promise<T | undefined> => {
    const row = await db.selectFrom('idempotency_keys').select('answer').where('key', '=', key).executeTakeFirst()
    return row ? (JSON.parse(row.answer) as T) : undefined
  },

  /** Throws when the key is taken: two requests at the same moment do not both count. */
  keep: async (key: string, answer: Json, at: number): Promise<void> => {
    await db
      .insertInto('idempotency_keys')
      .values({ key, at, answer: JSON.stringify(answer) })
      .execute()
  },

  removeBefore: async (before: number): Promise<number> => {
    const result = await db.deleteFrom('idempotency_keys').where('at', '<', before).executeTakeFirst()
    return Number(result.numDeletedRows)
  },
})
