import { type Kysely, sql } from 'kysely'
import { because } from '#core/cause/cause.ts'
import { migrations } from './migrations/index.ts'
import type { MigrationTools } from './migrations/migration.ts'
import { StorageError } from './storage-error.ts'
import type { StoreSystems } from './systems.ts'

export type Engine = 'sqlite' | 'postgres'

/** Any number that nobody else locks on this database. */
const LOCK_KEY = 8_441_162

const ID: Readonly<Record<Engine, MigrationTools['id']>> = {
  sqlite: (table) => table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement()) as never,
  postgres: (table) =>
    table.addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity()) as never,
}

/**
 * Brings the database to this program's schema in one transaction, under a lock. Throws StorageError when the database
 * is newer than the program.
 */
export const migrate = async (db: Kysely<unknown>, engine: Engine, wall: StoreSystems['wall']): Promise<void> =>
  db.transaction().execute(async (transaction) => {
    if (engine === 'postgres') {
      // A copy that somebody draws, or another server's migration, is waited for.
      await sql`set local lock_timeout = 0`.execute(transaction)
      await sql`select pg_advisory_xact_lock(${LOCK_KEY})`.execute(transaction)
    }
    await sql`create table if not exists migrations (name text primary key, applied_at bigint not null)`.execute(
      transaction,
    )
    const { rows } = await sql<{ name: string }>`select name from migrations`.execute(transaction)
    const applied = new Set(rows.map(({ name }) => name))
    for (const { name } of migrations) applied.delete(name)
    if (applied.size > 0)
      throw new StorageError('newer', because('store_newer', { migrations: [...applied].join(', ') }))
    const done = new Set(rows.map(({ name }) => name))
    for (const migration of migrations.filter(({ name }) => !done.has(name))) {
      await migration.up({
        engine,
        schema: transaction.schema,
        run: (statement) => sql.raw(statement).execute(transaction),
        ask: async (query) => (await query.execute(transaction)).rows,
        id: ID[engine],
      })
      await sql`insert into migrations (name, applied_at) values (${migration.name}, ${wall()})`.execute(transaction)
    }
  })
