import type { Socket } from 'node:net'
import { hostname } from 'node:os'
import pg from 'pg'
import { because } from '#core/cause/cause.ts'
import { systemTimers, type Timers } from '#lib/time/timers.ts'
import { CONNECT_MS, describeDatabase, unreachable } from './postgres.ts'
import { StorageError } from './storage-error.ts'

export interface DatabaseLock {
  release(): Promise<void>
}

export interface DatabaseLockOptions {
  /** Hears in words that another server works on the database, and `undefined` once it is ours again. */
  readonly onTrouble?: ((trouble: string | undefined) => void) | undefined
  /** How long to wait at the start for a server that is just stopping, ms. */
  readonly patienceMs?: number
  /** After a lost connection: how often to try again, ms. */
  readonly againAfterMs?: number
  readonly timers?: Timers
}

/** Any number that nobody else locks on this database. */
const LOCK_KEY = 8_441_163
const PATIENCE_MS = 10_000
const AGAIN_AFTER_MS = 2000
const LOOK_EVERY_MS = 500
/** A server that hangs keeps nobody waiting, neither at the start nor at the end. */
const ANSWER_MS = 5000
const END_PATIENCE_MS = 1000
/** Nothing is said on the connection that holds the lock: only the system notices that the other side is gone. */
const KEEP_ALIVE_MS = 10_000

/** Who holds the lock, as far as this user may see; an application's name has 63 bytes at most. */
const HOLDER = `select application_name as name, client_addr as address from pg_stat_activity
  where pid in (select pid from pg_locks where locktype = 'advisory' and objid = ${LOCK_KEY} and granted
    and database = (select oid from pg_database where datname = current_database()))`

const holderOf = async (client: pg.Client): Promise<string> => {
  const { rows } = await client.query<{ name: string | null; address: string | null }>(HOLDER)
  const { name, address } = rows[0] ?? {}
  return [name || 'another Vigía', address && `at ${address}`].filter(Boolean).join(' ')
}

/**
 * Asks for the lock on a connection of its own, in a transaction that stays open: however the server ends, PostgreSQL
 * lets go of it with the connection, behind a pooler too. Returns who holds it where it is taken. Such a transaction
 * sees no rows, so it keeps no old ones alive.
 */
const take = async (client: pg.Client): Promise<string | undefined> => {
  await client.query('begin')
  await client.query(`set local idle_in_transaction_session_timeout = 0`)
  // A machine that is gone is noticed within half a minute; by the system's settings it takes two hours.
  await client.query(`set local tcp_keepalives_idle = 10`)
  await client.query(`set local tcp_keepalives_interval = 5`)
  await client.query(`set local tcp_keepalives_count = 3`)
  const { rows } = await client.query<{ taken: boolean }>(`select pg_try_advisory_xact_lock(${LOCK_KEY}) as taken`)
  if (rows[0]?.taken) return undefined
  const holder = await holderOf(client)
  await client.query('rollback')
  return holder
}

/** Ends a connection, also one whose other side does not even close. */
const endNow = async (client: pg.Client, timers: Timers): Promise<void> => {
  const { stream } = (client as pg.Client & { readonly connection: { readonly stream: Socket } }).connection
  await Promise.race([client.end().catch(() => {}), timers.pause(END_PATIENCE_MS, { ref: false })])
  stream.destroy()
}

/**
 * Takes the database for this server: two on one would both look and both tell. Throws StorageError naming the other when
 * it is in use. A lock that is lost with its connection is taken again as soon as the database answers.
 */
export const lockDatabase = async (
  url: string,
  {
    onTrouble,
    patienceMs = PATIENCE_MS,
    againAfterMs = AGAIN_AFTER_MS,
    timers = systemTimers,
  }: DatabaseLockOptions = {},
): Promise<DatabaseLock> => {
  const ending = new AbortController()
  let held: pg.Client | undefined
  let regaining: Promise<void> | undefined
  let trouble: string | undefined

  const told = (next: string | undefined) => {
    if (next !== trouble) onTrouble?.(next)
    trouble = next
  }

  const connect = async (): Promise<pg.Client> => {
    const name = `vigia on ${hostname()} (${process.pid})`
    const client = new pg.Client({
      connectionString: url,
      application_name: name,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: ANSWER_MS,
    })
    // Where the server closes the connection, `end` follows.
    client.on('error', () => {})
    await client.connect()
    return client
  }

  const inUse = (holder: string) => `${describeDatabase(url)} is in use by ${holder}`

  /** Tries once; returns who has it instead. */
  const tryOnce = async (client: pg.Client): Promise<string | undefined> => {
    const holder = await take(client)
    if (holder !== undefined) return holder
    held = client
    client.once('end', () => {
      held = undefined
      if (!ending.signal.aborted) regaining = regain()
    })
    return undefined
  }

  /** While the database is away its own errors tell of it; that another server has it must be said here. */
  const regain = async () => {
    while (!ending.signal.aborted && !held) {
      await timers.pause(againAfterMs, { signal: ending.signal, ref: false })
      const client = ending.signal.aborted ? undefined : await connect().catch(() => undefined)
      if (!client) continue
      const holder = await tryOnce(client).catch(() => undefined)
      if (held !== client || ending.signal.aborted) await endNow(client, timers)
      if (holder !== undefined) told(`${inUse(holder)}: both look and both tell. Stop one of them.`)
      else if (held) told(undefined)
    }
  }

  const client = await connect().catch((error) => {
    throw unreachable(url, error)
  })
  const until = performance.now() + patienceMs
  for (;;) {
    const holder = await tryOnce(client)
    if (holder === undefined) break
    if (performance.now() >= until) {
      await endNow(client, timers)
      throw new StorageError('in_use', because('database_in_use', { where: describeDatabase(url), holder }))
    }
    await timers.pause(LOOK_EVERY_MS)
  }
  return {
    release: async () => {
      ending.abort()
      if (held) await endNow(held, timers)
      await regaining
    },
  }
}
