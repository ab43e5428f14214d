import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { ListedBan } from '#core/ban/ban-client.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'
import { canonicalNetwork } from '#lib/net/canonical-network.ts'

export type DatabaseListing =
  | {
      readonly ok: true
      readonly jails: readonly string[]
      readonly bans: readonly (ListedBan & { readonly failures: number | null })[]
    }
  | { readonly ok: false; readonly why: Cause }

/** More bans than any firewall carries. */
const MOST_BANS = 200_000
/** The wait for a lock holds the thread up: the next comparison comes soon enough. */
const LOCKED_MS = 100

/** `data` holds JSON, as text or, from Python 3 on, as its bytes. */
const failuresOf = (data: unknown): number | null => {
  if (!(typeof data === 'string' || data instanceof Uint8Array) || data.length > 1 << 20) return null
  try {
    const parsed: unknown = JSON.parse(typeof data === 'string' ? data : Buffer.from(data).toString('utf8'))
    return isObject(parsed) && Number.isInteger(parsed.failures) ? (parsed.failures as number) : null
  } catch {
    return null
  }
}

interface BanRow {
  readonly jail: string
  readonly ip: string
  readonly timeofban: number
  readonly bantime: number
  readonly data: unknown
}

/** The newest ban of each address in each jail: versions before 0.11 keep one table of all bans, later ones also `bips`. */
const queryOf = (tables: ReadonlySet<string>): string =>
  tables.has('bips')
    ? 'select jail, ip, timeofban, bantime, data from bips where bantime < 0 or timeofban + bantime > ? limit ?'
    : `select jail, ip, max(timeofban) as timeofban, bantime, data from bans
       where bantime < 0 or timeofban + bantime > ? group by jail, ip limit ?`

/**
 * The bans in force that fail2ban's own database remembers, also while it is stopped; read-only. It does not remember that
 * one was lifted by hand while it ran, so the client's list is better where there is one.
 */
export const readFail2banDatabase = (path: string, now: number): DatabaseListing => {
  if (!existsSync(path)) return { ok: false, why: because('fail2ban_database_missing', { path }) }
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: LOCKED_MS })
    const tables = new Set(
      database
        .prepare("select name from sqlite_master where type = 'table'")
        .all()
        .map(({ name }) => String(name)),
    )
    const jails = database
      .prepare('select name from jails where enabled = 1 limit 10000')
      .all()
      .map(({ name }) => String(name))
    const rows = database.prepare(queryOf(tables)).all(Math.floor(now / 1000), MOST_BANS) as unknown as BanRow[]
    const bans = rows.flatMap(({ jail, ip, timeofban, bantime, data }) => {
      const address = canonicalNetwork(String(ip))
      if (address === undefined || !Number.isFinite(timeofban) || !Number.isFinite(bantime)) return []
      const since = timeofban * 1000
      const expiresAt = bantime < 0 ? null : since + bantime * 1000
      return [{ jail: String(jail), ip: address, since, expiresAt, failures: failuresOf(data) }]
    })
    return { ok: true, jails, bans }
  } catch (error) {
    return { ok: false, why: because('fail2ban_database_unread', { path, error: (error as Error).message }) }
  } finally {
    database?.close()
  }
}
