import type { Database } from './database.ts'
import { idOf } from './database.ts'

/** A filter that somebody gave a name. */
export interface SavedFilter {
  readonly id: number
  /** The page that it belongs to: `monitors`, `alerts`, `events`. */
  readonly page: string
  readonly name: string
  /** As it stands in the address of that page. */
  readonly filter: string
}

/** What each person keeps at hand: filters by name, and monitors that matter most to them. */
export const createAtHand = (db: Database) => ({
  filters: async (userId: number): Promise<SavedFilter[]> =>
    db
      .selectFrom('saved_filters')
      .select(['id', 'page', 'name', 'filter'])
      .where('user_id', '=', userId)
      .orderBy('name')
      .orderBy('id')
      .execute(),

  /** Saves one under its name, in place of what stood there; its id. */
  saveFilter: async (userId: number, { page, name, filter }: Omit<SavedFilter, 'id'>): Promise<number> =>
    idOf(
      await db
        .insertInto('saved_filters')
        .values({ user_id: userId, page, name, filter })
        .onConflict((conflict) => conflict.columns(['user_id', 'page', 'name']).doUpdateSet({ filter }))
        .returning('id')
        .executeTakeFirst(),
    ),

  /** False where it is not there, or another's. */
  removeFilter: async (userId: number, id: number): Promise<boolean> => {
    const removed = await db
      .deleteFrom('saved_filters')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returning('id')
      .executeTakeFirst()
    return removed !== undefined
  },

  /** Ids of monitors. */
  favourites: async (userId: number): Promise<number[]> =>
    (
      await db
        .selectFrom('favourites')
        .select('monitor_id')
        .where('user_id', '=', userId)
        .orderBy('monitor_id')
        .execute()
    ).map(({ monitor_id }) => monitor_id),

  setFavourite: async (userId: number, monitorId: number, is: boolean): Promise<void> => {
    if (is)
      await db
        .insertInto('favourites')
        .values({ user_id: userId, monitor_id: monitorId })
        .onConflict((conflict) => conflict.columns(['user_id', 'monitor_id']).doNothing())
        .execute()
    else await db.deleteFrom('favourites').where('user_id', '=', userId).where('monitor_id', '=', monitorId).execute()
  },

  /** Of an account that goes. */
  forget: async (userId: number): Promise<void> => {
    await db.deleteFrom('saved_filters').where('user_id', '=', userId).execute()
    await db.deleteFrom('favourites').where('user_id', '=', userId).execute()
  },
})
