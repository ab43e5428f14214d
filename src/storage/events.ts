import type { Selectable } from 'kysely'
import type { NewEvent, VigiaEvent } from '#core/event/event.ts'
import type { Severity } from '#core/event/severity.ts'
import { octets, type Page, pageOf } from './byte-page.ts'
import type { Database } from './database.ts'
import { idOf } from './database.ts'
import type { Engine } from './migrate.ts'
import { createStatements } from './statements.ts'
import type { EventsTable } from './tables.ts'

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

const fromRow = (row: Selectable<EventsTable>): VigiaEvent => ({
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
  readonly before?: number
  readonly type?: string
  readonly monitorId?: number
}

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
    return row && fromRow(row)
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
    return (await query.execute()).map(fromRow)
  },

  /** Newest first. */
  list: async (filter: EventFilter): Promise<VigiaEvent[]> =>
    (await filtered(db, filter).selectAll().execute()).map(fromRow),

  /** Whether there is any of these types. */
  any: async (types: readonly string[]): Promise<boolean> =>
    (await db.selectFrom('events').select('id').where('type', 'in', types).limit(1).execute()).length > 0,

  /** The same, of no more bytes than one answer may have. */
  page: async (filter: EventFilter): Promise<Page<VigiaEvent>> => {
    const query = filtered(db, filter)
    const sizes = await query.select(['id', octets('data').as('bytes')]).execute()
    return pageOf(sizes, async (last) => (await query.selectAll().where('id', '>=', last).execute()).map(fromRow))
  },
})
