import { type Kysely, type QueryResult, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** The database or a transaction on it: repositories do not know which. */
export type Database = Kysely<Tables> & {
  /** Runs a statement here and now, where nobody else can come between: a promise costs as much as a small statement. */
  readonly atOnce?: (sql: string, parameters: readonly unknown[]) => QueryResult<unknown>
}

/** `insert … returning id` without values that are undefined, which would be stored as NULL. */
export const idOf = (row: { id: number } | undefined): number => {
  if (!row) throw new Error('the insert returned no id')
  return Number(row.id)
}

/** Rows of one statement: PostgreSQL takes 65,535 parameters, SQLite 32,766. */
export const chunks = <T>(items: readonly T[], size = 500): (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))

/** Lets go of a name that something removed still holds, so that another thing can be renamed to it. */
export const freeName = async (db: Database, table: 'channels' | 'monitors' | 'rules', name: string): Promise<void> => {
  await db
    .updateTable(table)
    .set({ name: sql<string>`name || ' (removed ' || id || ')'` })
    .where('name', '=', name)
    .where('removed_at', 'is not', null)
    .execute()
}
