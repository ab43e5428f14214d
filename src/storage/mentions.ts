import { type RawBuilder, sql } from 'kysely'
import type { Alert } from '#core/alert/alert.ts'
import type { VigiaEvent } from '#core/event/event.ts'
import { createBreath } from '#lib/run/breath.ts'
import { alertOf } from './alert-row.ts'
import { chunks, type Database } from './database.ts'
import { eventOfRow } from './events.ts'

/** What is looked for where no index leads: rows that have a text in their subject or their data. */
export interface Mention {
  /** A pattern of LIKE in lower case; what it finds is only likely. Absent: every row. */
  readonly like?: string | undefined
  /** Nothing that arrived before, ms. */
  readonly from: number
}

/** How far a look went. */
export interface Looked {
  /** False where something older was not looked at. */
  readonly complete: boolean
  /** Nothing older than this was looked at, ms. */
  readonly since: number
}

/** The engine reads so many rows in one go, which keeps the thread for some ms. */
const STEP = 5000
/** So many ids are looked at: a look costs no more however much is stored. */
const MOST_LOOKED = 400_000
/** Every row read whole costs the more. */
const MOST_READ = 20_000
/** An event has up to 64 KB. */
const READ_AT_ONCE = 100
const STRETCH_MS = 5

const holds = (like: string): RawBuilder<boolean> => sql`(lower(subject) like ${like} or lower(data) like ${like})`

/** Looks back through events and alerts that are about no monitor, newest first, a part at a time; everything else goes on. */
export const createMentions = (db: Database) => {
  const edge = async (table: 'events' | 'alerts', from: number) => {
    const last = await db
      .selectFrom(table)
      .select(({ fn }) => fn.max('id').as('id'))
      .executeTakeFirst()
    const time = table === 'events' ? ('received_at' as const) : ('opened_at' as const)
    const first = await db
      .selectFrom(table)
      .select('id')
      .where(sql.ref(time), '>=', from)
      .orderBy(sql.ref(time))
      .limit(1)
      .executeTakeFirst()
    return last?.id == null || !first ? undefined : { newest: Number(last.id), oldest: Number(first.id) }
  }

  const idsWithin = async (table: 'events' | 'alerts', low: number, high: number, like: string | undefined) => {
    let query = db
      .selectFrom(table)
      .select('id')
      .where('id', '>=', low)
      .where('id', '<=', high)
      .where('monitor_id', 'is', null)
      .orderBy('id', 'desc')
    if (like !== undefined) query = query.where(holds(like))
    return (await query.execute()).map(({ id }) => Number(id))
  }

  const read = {
    events: async (ids: readonly number[]) =>
      (await db.selectFrom('events').selectAll().where('id', 'in', ids).orderBy('id', 'desc').execute()).map(
        eventOfRow,
      ),
    alerts: async (ids: readonly number[]) =>
      (await db.selectFrom('alerts').selectAll().where('id', 'in', ids).orderBy('id', 'desc').execute()).map(alertOf),
  }

  const timeOf = async (table: 'events' | 'alerts', id: number, otherwise: number): Promise<number> => {
    const [one] = await read[table]([id])
    if (one === undefined) return otherwise
    return 'receivedAt' in one ? one.receivedAt : one.openedAt
  }

  /** Hands each to `take` until it says false; resolves to how far it came. */
  const walk = async <One extends { readonly id: number }>(
    table: 'events' | 'alerts',
    { like, from }: Mention,
    readAll: (ids: readonly number[]) => Promise<readonly One[]>,
    take: (one: One) => boolean,
  ): Promise<Looked> => {
    const ends = await edge(table, from)
    if (!ends) return { complete: true, since: from }
    const { newest, oldest } = ends
    const end = Math.max(oldest, newest - (like === undefined ? MOST_READ : MOST_LOOKED) + 1)
    const breath = createBreath(STRETCH_MS)
    let left = MOST_READ
    for (let last = newest; last >= end; last -= STEP) {
      const ids = await idsWithin(table, Math.max(last - STEP + 1, end), last, like)
      for (const part of chunks(ids, READ_AT_ONCE)) {
        for (const one of await readAll(part))
          if (!take(one) || --left === 0) return { complete: false, since: await timeOf(table, one.id, from) }
        await breath()
      }
      await breath()
    }
    return end > oldest ? { complete: false, since: await timeOf(table, end, from) } : { complete: true, since: from }
  }

  return {
    events: (mention: Mention, take: (event: VigiaEvent) => boolean): Promise<Looked> =>
      walk('events', mention, read.events, take),
    alerts: (mention: Mention, take: (alert: Alert) => boolean): Promise<Looked> =>
      walk('alerts', mention, read.alerts, take),
  }
}
