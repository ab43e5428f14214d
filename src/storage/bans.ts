import type { Insertable, Selectable } from 'kysely'
import type { Ban, NewBan } from '#core/ban/ban.ts'
import { chunks, type Database } from './database.ts'
import type { BansTable } from './tables.ts'

const toRow = ({ server, jail, ip, since, expiresAt, failures, manual }: NewBan): Insertable<BansTable> => ({
  server,
  jail,
  ip,
  since,
  expires_at: expiresAt,
  failures,
  manual_by: manual?.by ?? null,
  manual_reason: manual?.reason ?? null,
  confirmed: manual && !manual.confirmed ? 0 : 1,
  renew_at: manual?.renewAt ?? null,
})

const fromRow = (row: Selectable<BansTable>): Ban => ({
  id: row.id,
  server: row.server,
  jail: row.jail,
  ip: row.ip,
  since: row.since,
  expiresAt: row.expires_at,
  failures: row.failures,
  manual:
    row.manual_by === null
      ? null
      : {
          by: row.manual_by,
          reason: row.manual_reason ?? '',
          confirmed: row.confirmed === 1,
          renewAt: row.renew_at,
        },
})

export interface BanKey {
  readonly server: string
  readonly jail: string
  readonly ip: string
}

export interface BanList {
  readonly now: number
  readonly limit: number
  /** Newest first, before the ban with this id where given. */
  readonly before?: number | undefined
  readonly jail?: string | undefined
  readonly ip?: string | undefined
}

/** Bans as they are now: one row for each address in a jail, gone when it is lifted. */
export const createBans = (db: Database) => ({
  find: async ({ server, jail, ip }: BanKey): Promise<Ban | undefined> => {
    const row = await db
      .selectFrom('bans')
      .selectAll()
      .where('server', '=', server)
      .where('jail', '=', jail)
      .where('ip', '=', ip)
      .executeTakeFirst()
    return row && fromRow(row)
  },

  /** Puts a ban in the place of what was known of this address in this jail. */
  save: async (ban: NewBan): Promise<void> => {
    const { server, jail, ip, ...rest } = toRow(ban)
    await db
      .insertInto('bans')
      .values({ server, jail, ip, ...rest })
      .onConflict((conflict) => conflict.columns(['server', 'jail', 'ip']).doUpdateSet(rest))
      .execute()
  },

  /** False when there was none. */
  remove: async ({ server, jail, ip }: BanKey): Promise<boolean> => {
    const result = await db
      .deleteFrom('bans')
      .where('server', '=', server)
      .where('jail', '=', jail)
      .where('ip', '=', ip)
      .executeTakeFirst()
    return result.numDeletedRows > 0n
  },

  /** Bans in force at `now`: begun, confirmed, and not at their end. */
  current: async ({ now, limit, before, jail, ip }: BanList): Promise<Ban[]> => {
    let query = db
      .selectFrom('bans')
      .selectAll()
      .where('confirmed', '=', 1)
      .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
      .orderBy('id', 'desc')
      .limit(limit)
    if (before !== undefined) query = query.where('id', '<', before)
    if (jail !== undefined) query = query.where('jail', '=', jail)
    if (ip !== undefined) query = query.where('ip', '=', ip)
    return (await query.execute()).map(fromRow)
  },

  /** Of these addresses and networks, those in force at `now`. */
  among: async (ips: readonly string[], now: number): Promise<Ban[]> => {
    const found: Ban[] = []
    for (const part of chunks(ips)) {
      const query = db.selectFrom('bans').selectAll().where('ip', 'in', part).where('confirmed', '=', 1)
      const inForce = query.where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
      found.push(...(await inForce.orderBy('id', 'desc').execute()).map(fromRow))
    }
    return found
  },

  /** Every ban that is known of one server, at its end or not. */
  ofServer: async (server: string): Promise<Ban[]> =>
    (await db.selectFrom('bans').selectAll().where('server', '=', server).orderBy('id').execute()).map(fromRow),

  /** Bans by hand that are to be lifted or set again by `now`. */
  due: async (now: number): Promise<Ban[]> => {
    const rows = await db
      .selectFrom('bans')
      .selectAll()
      .where('manual_by', 'is not', null)
      .where('confirmed', '=', 1)
      .where((where) => where.or([where('expires_at', '<=', now), where('renew_at', '<=', now)]))
      .orderBy('id')
      .execute()
    return rows.map(fromRow)
  },

  /** Forgets fail2ban's own bans that ended before, and bans by hand that were never confirmed since before. */
  forgetEnded: async (before: number): Promise<number> => {
    const result = await db
      .deleteFrom('bans')
      .where((where) =>
        where.or([
          where.and([where('manual_by', 'is', null), where('expires_at', '<', before)]),
          where.and([where('confirmed', '=', 0), where('since', '<', before)]),
        ]),
      )
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  },
})
