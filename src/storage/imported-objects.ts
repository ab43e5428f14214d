import type { Database } from './database.ts'

export type ImportedKind = 'monitor' | 'channel' | 'rule' | 'maintenance plan'

/** A thing of another tool, and the one of ours that it became. */
export interface ImportedObject {
  readonly object: ImportedKind
  /** What it is known by there. */
  readonly key: string
  readonly id: number
  /** Of what it said when it came in. */
  readonly digest: string
}

/** By these a second import of the same source knows what is there already, whatever it is called by now. */
export const createImportedObjects = (db: Database) => ({
  ofSource: async (source: string): Promise<ImportedObject[]> => {
    const rows = await db.selectFrom('imported_objects').selectAll().where('source', '=', source).execute()
    return rows.map(({ object, source_key: key, object_id: id, digest }) => ({
      object: object as ImportedKind,
      key,
      id: Number(id),
      digest,
    }))
  },

  save: async (source: string, { object, key, id, digest }: ImportedObject): Promise<void> => {
    const values = { object_id: id, digest }
    await db
      .insertInto('imported_objects')
      .values({ source, object, source_key: key, ...values })
      .onConflict((conflict) => conflict.columns(['source', 'object', 'source_key']).doUpdateSet(values))
      .execute()
  },

  forget: async (source: string, { object, key }: Pick<ImportedObject, 'object' | 'key'>): Promise<void> => {
    await db
      .deleteFrom('imported_objects')
      .where('source', '=', source)
      .where('object', '=', object)
      .where('source_key', '=', key)
      .execute()
  },
})
