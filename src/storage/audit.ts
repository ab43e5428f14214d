import type { JsonObject } from '#lib/json.ts'
import type { Database } from './database.ts'

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
    const rows = await query.execute()
    return rows.map(({ object_id, details, ...row }) => ({
      ...row,
      objectId: object_id,
      details: JSON.parse(details) as JsonObject,
    }))
  },

  removeBefore: async (at: number): Promise<void> => {
    await db.deleteFrom('audit').where('at', '<', at).execute()
  },
})
