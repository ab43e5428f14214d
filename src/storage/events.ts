import type { Selectable } from 'kysely'
import type { NewEvent, VigiaEvent } from '#core/event/event.ts'
import type { Severity } from '#core/event/severity.ts'
import { octets, type Page, pageOf } from './byte-page.ts'
import type { Database } from './database.ts'
import { idOf } from './database.ts'
import type { Engine } from './migrate.ts'
import { createStatements } from './statements.ts'
import type { EventsTable } from './tables.ts'
import { type Walked, walkBack } from './walk-back.ts'

const toRow = (event: NewEvent) => ({
  type: event.type,
  source: event.source,
  severity: event.severity,
  subject: event.subject,
  at: event.at,
  received_at: event.receivedAt,
  monitor_id: event.monitorId,
  data: JSON.stringify(event.data),
})

/** An event as it is stored. */
export const eventOfRow = (row: Selectable<EventsTable>): VigiaEvent => ({
  id: row.id,
  type: row.type,
  source: row.source,
  severity: row.severity as Severity,
  subject: row.subject,
  at: row.at,
  receivedAt: row.received_at,
  monitorId: row.monitor_id,
  data: JSON.parse(row.data),
})

export interface EventScan {
  readonly types: readonly string[] | undefined
  readonly from: number
  readonly after: number
  readonly limit: number
}

const COLUMNS = ['type', 'source', 'severity', 'subject', 'at', 'received_at', 'monitor_id', 'data'] as const

const valuesOf = (event: NewEvent): readonly unknown[] => {
  const row = toRow(event)
  return COLUMNS.map((column) => row[column])
}

export interface EventFilter {
  readonly limit: number
  /** Only events before this one. */
  readonly before?: number | undefined
  readonly type?: string | undefined
  readonly monitorId?: number | undefined
}

/** What is looked for where no index leads. Times in ms. */
export interface EventSearch extends EventFilter {
  readonly severities?: readonly Severity[] | undefined
  /** When it happened; `to` is not included. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Looks at the whole event; absent: all that is left fits. */
  readonly fits?: ((event: VigiaEvent) => boolean) | undefined
}

/** A sender's clock may be ahead by so much. */
const AHEAD_MS = 24 * 3_600_000
/** Rows that are read whole cost the more. */
const READ_WHOLE = { step: 500, most: 20_000 } as const
const READ_FEW = { step: 10_000, most: 400_000 } as const

const filtered = (db: Database, { limit, before, type, monitorId }: EventFilter) => {
  let query = db.selectFrom('events').orderBy('id', 'desc').limit(limit)
  if (before !== undefined) query = query.where('id', '<', before)
  if (type !== undefined) query = query.where('type', '=', type)
  if (monitorId !== undefined) query = query.where('monitor_id', '=', monitorId)
  return query
}

export const createEvents = (db: Database, engine: Engine) => ({
  insert: async (event: NewEvent): Promise<VigiaEvent> => {
    const id = idOf(await db.insertInto('events').values(toRow(event)).returning('id').executeTakeFirst())
    return { ...event, id }
  },

  /** Stores events in few statements and returns them with their ids, in order. */
  insertAll: async (events: readonly NewEvent[]): Promise<VigiaEvent[]> => {
    const ids = await createStatements(db, engine).insert('events', COLUMNS, events, valuesOf)
    return events.map((event, index) => ({ ...event, id: ids[index]! }))
  },

  byId: async (id: number): Promise<VigiaEvent | undefined> => {
    const row = await db.selectFrom('events').selectAll().where('id', '=', id).executeTakeFirst()
    return row && eventOfRow(row)
  },

  /** In the order in which they came, after the event `after`; all types when none is named. */
  scan: async ({ types, from, after, limit }: EventScan): Promise<VigiaEvent[]> => {
    let query = db
      .selectFrom('events')
      .selectAll()
      .where('id', '>', after)
      .where('received_at', '>=', from)
      .orderBy('id')
      .limit(limit)
    if (types) query = query.where('type', 'in', types)
    return (await query.execute()).map(eventOfRow)
  },

  /** Newest first. */
  list: async (filter: EventFilter): Promise<VigiaEvent[]> =>
    (await filtered(db, filter).selectAll().execute()).map(eventOfRow),

  /** Whether there is any of these types. */
  any: async (types: readonly string[]): Promise<boolean> =>
    (await db.selectFrom('events').select('id').where('type', 'in', types).limit(1).execute()).length > 0,

  /** The same of what is looked for, as far back as one walk goes. */
  search: async (search: EventSearch): Promise<Walked<VigiaEvent>> => {
    const { limit, before, type, monitorId, severities, from, to, fits } = search
    const ends = await db
      .selectFrom('events')
      .select(({ fn }) => [fn.min('id').as('oldest'), fn.max('id').as('newest')])
      .executeTakeFirst()
    const first =
      from === undefined
        ? undefined
        : await db
            .selectFrom('events')
            .select('id')
            .where('received_at', '>=', from - AHEAD_MS)
            .orderBy('received_at')
            .limit(1)
            .executeTakeFirst()
    if (ends?.newest == null || (from !== undefined && !first)) return { items: [], next: null }
    return walkBack<VigiaEvent>({
      newest: Math.min(Number(ends.newest), (before ?? Number.POSITIVE_INFINITY) - 1),
      oldest: Math.max(Number(ends.oldest), first?.id ?? 0),
      limit,
      ...(fits ? READ_WHOLE : READ_FEW),
      fits: fits ?? (() => true),
      weigh: ({ data }) => JSON.stringify(data).length,
      read: async (low, high) => {
        let query = filtered(db, { limit: high - low + 1, type, monitorId })
          .where('id', '>=', low)
          .where('id', '<=', high)
        if (severities !== undefined) query = query.where('severity', 'in', severities)
        if (from !== undefined) query = query.where('at', '>=', from)
        if (to !== undefined) query = query.where('at', '<', to)
        return (await query.selectAll().execute()).map(eventOfRow)
      },
    })
  },

  /** The same, of no more bytes than one answer may have. */
  page: async (filter: EventFilter): Promise<Page<VigiaEvent>> => {
    const query = filtered(db, filter)
    const sizes = await query.select(['id', octets('data').as('bytes')]).execute()
    return pageOf(sizes, async (last) => (await query.selectAll().where('id', '>=', last).execute()).map(eventOfRow))
  },
})
