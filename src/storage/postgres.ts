import { type Dialect, PostgresDialect } from 'kysely'
import { because } from '#core/cause/cause.ts'
import type { Timers } from '#lib/time/timers.ts'
import { createPool, type Pool } from './postgres-pool.ts'
import { StorageError } from './storage-error.ts'

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
  const cause = error instanceof StorageError && error.cause !== undefined ? error.cause : error
  const words = cause instanceof Error ? cause.message : String(cause)
  return new StorageError(
    'unreachable',
    because('database_not_accepting', { where: describeDatabase(url), words }),
    error,
  )
}

/** Who asks the server is answered within five seconds, whatever the database does: these together are less. */
export const CONNECT_MS = 2000
const STATEMENT_MS = 2500
const LOCK_MS = 2000
const CONNECTIONS = 10
/** For work that may take its time: migrations, results of long times. */
const PATIENT_CONNECTIONS = 3

/** How long a statement may take, ms: `statement_timeout` in the URL says otherwise; 0: as long as it needs. */
const statementMs = (url: string): number => {
  try {
    const named = new URL(url).searchParams.get('statement_timeout')
    return named !== null && /^\d+$/.test(named) ? Number(named) : STATEMENT_MS
  } catch {
    return STATEMENT_MS
  }
}

export interface PostgresPools {
  /** What somebody waits for. */
  readonly quick: Pool
  /** What may take its time, but not for a lock, and is given up as soon as the server is found to hang. */
  readonly patient: Pool
  end(): Promise<void>
}

/** Pools on PostgreSQL, which has answered once. Throws StorageError when nobody does. */
export const openPostgres = async (url: string, timers: Timers): Promise<PostgresPools> => {
  const common = { url, where: describeDatabase(url), connectMs: CONNECT_MS, timers }
  const patient = createPool({ ...common, max: PATIENT_CONNECTIONS, statementMs: 0, lockMs: LOCK_MS })
  const quick = createPool({
    ...common,
    max: CONNECTIONS,
    statementMs: statementMs(url),
    lockMs: LOCK_MS,
    onSilence: patient.cutOff,
  })
  const end = async () => {
    await Promise.all([quick.end(), patient.end()])
  }
  try {
    const client = await quick.connect()
    client.release()
    return { quick, patient, end }
  } catch (error) {
    await end()
    throw unreachable(url, error)
  }
}

export const postgresDialect = (pool: Pool): Dialect => new PostgresDialect({ pool })
