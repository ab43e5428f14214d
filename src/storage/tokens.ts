import type { Selectable } from 'kysely'
import type { Role } from '#core/who/role.ts'
import type { Database } from './database.ts'
import { idOf } from './database.ts'
import type { TokensTable } from './tables.ts'

/** A key of a program to the API. Times in ms. */
export interface Token {
  readonly id: number
  readonly name: string
  /** How it begins, so that people recognise it. */
  readonly prefix: string
  readonly role: Role
  readonly createdBy: string
  readonly createdAt: number
  readonly lastUsedAt: number | null
  /** Null: never. */
  readonly expiresAt: number | null
  readonly revokedAt: number | null
}

export type NewToken = Pick<Token, 'name' | 'prefix' | 'role' | 'createdBy' | 'createdAt' | 'expiresAt'>

const COLUMNS = [
  'id',
  'name',
  'prefix',
  'role',
  'created_by',
  'created_at',
  'last_used_at',
  'expires_at',
  'revoked_at',
] as const

const fromRow = (row: Omit<Selectable<TokensTable>, 'hash'>): Token => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  role: row.role as Role,
  createdBy: row.created_by,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
})

export const createTokens = (db: Database) => ({
  insert: async (token: NewToken, hash: string): Promise<number> =>
    idOf(
      await db
        .insertInto('tokens')
        .values({
          name: token.name,
          hash,
          prefix: token.prefix,
          role: token.role,
          created_by: token.createdBy,
          created_at: token.createdAt,
          expires_at: token.expiresAt,
        })
        .returning('id')
        .executeTakeFirst(),
    ),

  /** The revoked ones too. */
  list: async (): Promise<Token[]> =>
    (await db.selectFrom('tokens').select(COLUMNS).orderBy('id').execute()).map(fromRow),

  byId: async (id: number): Promise<Token | undefined> => {
    const row = await db.selectFrom('tokens').select(COLUMNS).where('id', '=', id).executeTakeFirst()
    return row && fromRow(row)
  },

  /** The token of a hash, unless it is revoked or over. */
  valid: async (hash: string, now: number): Promise<Token | undefined> => {
    const row = await db
      .selectFrom('tokens')
      .select(COLUMNS)
      .where('hash', '=', hash)
      .where('revoked_at', 'is', null)
      .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
      .executeTakeFirst()
    return row && fromRow(row)
  },

  touch: async (id: number, usedAt: number): Promise<void> => {
    await db.updateTable('tokens').set({ last_used_at: usedAt }).where('id', '=', id).execute()
  },

  /** False when there is none of this id that is not revoked yet. */
  revoke: async (id: number, now: number): Promise<boolean> => {
    const rows = await db
      .updateTable('tokens')
      .set({ revoked_at: now })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .returning('id')
      .execute()
    return rows.length > 0
  },
})
