import { chunks, type Database } from './database.ts'

/** Rows that one transaction removes at most: other writers wait no longer than for these. */
const SLICE = 5000

/** Takes away what is old, a slice at a time: each call says how many rows went, zero when nothing is left to do. */
export const createRetention = (db: Database) => ({
  /** Events older than `before`, and the oldest beyond `most`; what an open alert refers to stays. */
  events: async (before: number, most: number): Promise<number> => {
    const [newest] = await db.selectFrom('events').select('id').orderBy('id', 'desc').limit(1).execute()
    // Ids rise with time, so the first young one is found without an index and without reading the rest.
    const [young] = await db
      .selectFrom('events')
      .select('id')
      .where('received_at', '>=', before)
      .orderBy('id')
      .limit(1)
      .execute()
    if (!newest) return 0
    const border = Math.max(young?.id ?? newest.id + 1, newest.id - most + 1)
    const old = await db
      .selectFrom('events')
      .select('id')
      .where('id', '<', border)
      .where((where) =>
        where(
          'id',
          'not in',
          db
            .selectFrom('alerts')
            .select((one) => one.ref('last_event_id').$notNull().as('id'))
            .where('status', '=', 'firing')
            .where('last_event_id', 'is not', null),
        ),
      )
      .orderBy('id')
      .limit(SLICE)
      .execute()
    if (old.length === 0) return 0
    const ids = old.map(({ id }) => id)
    for (const slice of chunks(ids)) {
      await db.deleteFrom('decisions').where('event_id', 'in', slice).execute()
      await db.deleteFrom('events').where('id', 'in', slice).execute()
    }
    return ids.length
  },

  /** Alerts that ended before `before`, with their notifications; and notifications of no alert. */
  alerts: async (before: number): Promise<number> => {
    const ended = await db
      .selectFrom('alerts')
      .select('id')
      .where('status', '=', 'resolved')
      .where('updated_at', '<', before)
      .orderBy('id')
      .limit(500)
      .execute()
    const orphans = await db
      .selectFrom('notifications')
      .select('id')
      .where('created_at', '<', before)
      .where('alert_id', 'is', null)
      .where('status', 'not in', ['pending', 'sending'])
      .orderBy('id')
      .limit(500)
      .execute()
    const alertIds = ended.map(({ id }) => id)
    const ofAlerts =
      alertIds.length === 0
        ? []
        : await db.selectFrom('notifications').select('id').where('alert_id', 'in', alertIds).limit(20_000).execute()
    const ids = [...orphans, ...ofAlerts].map(({ id }) => id)
    for (const slice of chunks(ids)) {
      await db.deleteFrom('attempts').where('notification_id', 'in', slice).execute()
      await db.deleteFrom('notifications').where('id', 'in', slice).execute()
    }
    if (alertIds.length > 0) await db.deleteFrom('alerts').where('id', 'in', alertIds).execute()
    return alertIds.length + orphans.length
  },

  /** Changes of state older than `before`; the last of them of each monitor stays, for its state held then. */
  transitions: async (before: number): Promise<number> => {
    const old = await db
      .selectFrom('transitions')
      .select('id')
      .where('at', '<', before)
      .where('id', 'not in', (query) =>
        query
          .selectFrom('transitions')
          .select((one) => one.fn.max('id').as('id'))
          .where('at', '<', before)
          .groupBy('monitor_id'),
      )
      .limit(500)
      .execute()
    if (old.length > 0)
      await db
        .deleteFrom('transitions')
        .where(
          'id',
          'in',
          old.map(({ id }) => id),
        )
        .execute()
    return old.length
  },
})
