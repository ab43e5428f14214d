import { type Dialect, PostgresDialect } from 'kysely'
import pg from 'pg'
import { StorageError } from './storage-error.ts'

const INT8 = 20

/** Sums and ids arrive as numbers: ids and milliseconds stay far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
}

/** Where a database URL leads, without its password. */
export const describeDatabase = (url: string): string => {
  try {
    const { host, pathname } = new URL(url)
    return `postgresql://${host}${pathname}`
  } catch {
    return 'the address in DATABASE_URL'
  }
}

/** That nobody accepts a connection, in words. */
export const unreachable = (url: string, error: unknown): StorageError => {
  const reason = error instanceof Error ? error.message : String(error)
  return new StorageError(
    'unreachable',
    `${describeDatabase(url)} does not accept this connection: ${reason}. Check DATABASE_URL, the user and that the server is running.`,
    error,
  )
}

/** A pool on PostgreSQL that has answered once. Throws StorageError when nobody does. */
export const openPostgres = async (url: string): Promise<pg.Pool> => {
  const pool = new pg.Pool({ connectionString: url, max: 10, types, application_name: 'vigia' })
  // An idle connection that the server closes is replaced at the next use.
  pool.on('error', () => {})
  try {
    await pool.query('select 1')
    return pool
  } catch (error) {
    await pool.end()
    throw unreachable(url, error)
  }
}

export const postgresDialect = (pool: pg.Pool): Dialect => new PostgresDialect({ pool })
