import type { PostgresPool as KyselyPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { because } from '#core/cause/cause.ts'
import type { Timers } from '#lib/time/timers.ts'
import { explainPostgres } from './postgres-errors.ts'
import { StorageError } from './storage-error.ts'

const INT8 = 20

/** Sums and ids arrive as numbers: ids and milliseconds stay far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
}

export interface PoolOptions {
  readonly url: string
  /** Names the database in errors. */
  readonly where: string
  /** Connections at most. */
  readonly max: number
  /** A new connection, or a free one, is waited for so long, ms. */
  readonly connectMs: number
  /** A statement may take this long, ms; 0: as long as it needs. */
  readonly statementMs: number
  /** A lock is waited for so long, ms. */
  readonly lockMs: number
  readonly timers: Timers
  /** Hears that a statement was given up for the server did not even say that it took too long. */
  readonly onSilence?: () => void
}

/** A pool that never waits for a server that hangs, and that no lost connection can hurt. */
export interface Pool extends KyselyPool {
  /** Gives up every statement that is under way. */
  cutOff(): void
}

/** The driver's client with the socket under it, which its types leave out. */
type Client = pg.PoolClient & { readonly connection: { readonly stream: { destroy(error?: Error): void } } }

/** How often statements are looked at that may have taken too long, ms. */
const LOOK_EVERY_MS = 250
/** The server ends a statement itself, and says so; only its silence is answered by giving up the connection, ms. */
const SILENCE_MS = 250
/** A machine in between that forgets idle connections is noticed, and a server that is gone. */
const KEEP_ALIVE_MS = 10_000
const END_PATIENCE_MS = 1000

const startText = ({ statementMs, lockMs }: PoolOptions) =>
  `set statement_timeout = ${statementMs}; set lock_timeout = ${lockMs}`
const START_MS = 1000

/** Opens connections when they are wanted; none yet. */
export const createPool = (options: PoolOptions): Pool => {
  const { url, where, max, connectMs, statementMs, onSilence, timers } = options
  const begin = (client: pg.ClientBase): Promise<unknown> =>
    client.query({ text: startText(options), query_timeout: START_MS } as pg.QueryConfig)
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    application_name: 'vigia',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    // Not at the start of the connection: poolers in between refuse parameters that they do not know there.
    onConnect: begin as (client: pg.ClientBase) => void,
  })
  const clients = new Set<Client>()
  /** When the statement under way on each connection began, ms of the monotonic clock. */
  const busy = new Map<Client, number>()
  const lent = new WeakMap<Client, PostgresPoolClient>()
  let lookedAt = performance.now()

  // An idle connection that the server closes is replaced at the next use. One that is lent out has no other listener
  // between two statements: without this one its end would be the end of the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => {
    clients.add(client as Client)
    client.on('error', () => {})
  })
  pool.on('remove', (client) => clients.delete(client as Client))

  const giveUp = (client: Client) => {
    busy.delete(client)
    client.connection.stream.destroy(
      new StorageError('unreachable', because('database_statement_unanswered', { where })),
    )
  }

  const look = () => {
    const now = performance.now()
    const late = now - lookedAt > 2 * LOOK_EVERY_MS
    lookedAt = now
    // We stood still ourselves: the answers have come and are yet to be read.
    if (late) return
    const silent = [...busy].filter(([, began]) => now - began > statementMs + SILENCE_MS)
    for (const [client] of silent) giveUp(client)
    if (silent.length > 0) onSilence?.()
  }
  const looking = statementMs > 0 ? timers.every(LOOK_EVERY_MS, look) : undefined
  looking?.unref()

  const guard = (client: Client): PostgresPoolClient => {
    const query = async (text: string, parameters: readonly unknown[]) => {
      busy.set(client, performance.now())
      try {
        return await client.query(text, parameters as unknown[])
      } catch (error) {
        throw explainPostgres(error, where)
      } finally {
        busy.delete(client)
      }
    }
    return { query, release: (destroy?: boolean) => client.release(destroy) } as unknown as PostgresPoolClient
  }

  return {
    options: pool.options,
    connect: async () => {
      try {
        const client = (await pool.connect()) as Client
        const known = lent.get(client) ?? guard(client)
        lent.set(client, known)
        return known
      } catch (error) {
        throw explainPostgres(error, where)
      }
    },
    cutOff: () => {
      for (const client of [...busy.keys()]) giveUp(client)
    },
    end: async () => {
      timers.clear(looking)
      const ended = pool.end()
      // A server that hangs does not even close.
      await Promise.race([ended, timers.pause(END_PATIENCE_MS, { ref: false })])
      for (const client of clients) client.connection.stream.destroy()
      await ended
    },
  }
}
