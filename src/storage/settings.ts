import type { Json } from '#lib/json.ts'
import type { Database } from './database.ts'

/** Small values that the server keeps about itself, JSON by name. */
export const createSettings = (db: Database) => ({
  get: async <T extends Json>(name: string): Promise<T | undefined> => {
    const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst()
    return row ? (JSON.parse(row.value) as T) : undefined
  },
  set: async (name: string, value: Json): Promise<void> => {
    const text = JSON.stringify(value)
    await db
      .insertInto('settings')
      .values({ name, value: text })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text }))
      .execute()
  },
  /** Keeps the value unless there is one, and returns the one that is kept. */
  ensure: async <T extends Json>(name: string, value: T): Promise<T> => {
    await db
      .insertInto('settings')
      .values({ name, value: JSON.stringify(value) })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    const { value: kept } = await db
      .selectFrom('settings')
      .select('value')
      .where('name', '=', name)
      .executeTakeFirstOrThrow()
    return JSON.parse(kept) as T
  },
})
