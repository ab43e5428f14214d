import { type Selectable, sql } from 'kysely'
import type { JsonObject } from '#lib/json.ts'
import type { Database } from './database.ts'
import type { AuditTable } from './tables.ts'

/** That somebody changed something. */
export interface AuditEntry {
  readonly id: number
  /** Ms. */
  readonly at: number
  /** `user:NAME`, `token:NAME`, or `cli`. */
  readonly actor: string
  readonly action: string
  readonly object: string
  readonly objectId: number | null
  /** Never a secret. */
  readonly details: JsonObject
  readonly address: string | null
}

/** So many entries are looked through for what no index knows. */
const LOOKED_THROUGH = 20_000

const entryOf = ({ object_id, details, ...row }: Selectable<AuditTable>): AuditEntry => ({
  ...row,
  objectId: object_id,
  details: JSON.parse(details) as JsonObject,
})

export const createAudit = (db: Database) => ({
  insert: async ({ at, actor, action, object, objectId, details, address }: Omit<AuditEntry, 'id'>): Promise<void> => {
    await db
      .insertInto('audit')
      .values({ at, actor, action, object, object_id: objectId, details: JSON.stringify(details), address })
      .execute()
  },

  /** Newest first, before the entry `before` where given. */
  list: async ({ limit, before }: { limit: number; before?: number | undefined }): Promise<AuditEntry[]> => {
    let query = db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit)
    if (before !== undefined) query = query.where('id', '<', before)
    return (await query.execute()).map(entryOf)
  },

  /** The newest of one kind of thing whose details have a text, as a pattern of LIKE in lower case; of the last entries only. */
  about: async ({ object, like, limit }: { object: string; like: string; limit: number }): Promise<AuditEntry[]> => {
    const last = await db
      .selectFrom('audit')
      .select(({ fn }) => fn.max('id').as('id'))
      .executeTakeFirst()
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('id', '>', Number(last?.id ?? 0) - LOOKED_THROUGH)
      .where('object', '=', object)
      .where(sql<boolean>`lower(details) like ${like}`)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.map(entryOf)
  },

  removeBefore: async (at: number): Promise<void> => {
    await db.deleteFrom('audit').where('at', '<', at).execute()
  },
})
