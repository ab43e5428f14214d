import type { Selectable } from 'kysely'
import type { Language } from '#core/message/message.ts'
import type { Role } from '#core/who/role.ts'
import type { Database } from './database.ts'
import { idOf } from './database.ts'
import type { SessionsTable } from './tables.ts'

/** A browser that is signed in. Times in ms. */
export interface Session {
  readonly id: number
  readonly userId: number
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly expiresAt: number
  /** Where it was signed in from, and with what. */
  readonly address: string
  readonly userAgent: string
}

/** A session with what is to be known of its owner at each request. */
export interface OpenSession {
  readonly id: number
  readonly userId: number
  readonly name: string
  readonly role: Role
  readonly language: Language | null
  readonly lastUsedAt: number
  readonly expiresAt: number
}

const fromRow = (row: Omit<Selectable<SessionsTable>, 'hash'>): Session => ({
  id: row.id,
  userId: row.user_id,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
  address: row.address,
  userAgent: row.user_agent,
})

export const createSessions = (db: Database) => ({
  insert: async (session: Omit<Session, 'id'>, hash: string): Promise<number> =>
    idOf(
      await db
        .insertInto('sessions')
        .values({
          user_id: session.userId,
          hash,
          created_at: session.createdAt,
          last_used_at: session.lastUsedAt,
          expires_at: session.expiresAt,
          address: session.address,
          user_agent: session.userAgent,
        })
        .returning('id')
        .executeTakeFirst(),
    ),

  /** The session of a token's hash, unless it is over or its owner is disabled. */
  open: async (hash: string, now: number): Promise<OpenSession | undefined> => {
    const row = await db
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select(['sessions.id', 'sessions.user_id', 'sessions.last_used_at', 'sessions.expires_at'])
      .select(['users.name', 'users.role', 'users.language'])
      .where('sessions.hash', '=', hash)
      .where('sessions.expires_at', '>', now)
      .where('users.enabled', '=', 1)
      .executeTakeFirst()
    return (
      row && {
        id: row.id,
        userId: row.user_id,
        name: row.name,
        role: row.role as Role,
        language: row.language as Language | null,
        lastUsedAt: row.last_used_at,
        expiresAt: row.expires_at,
      }
    )
  },

  /** Those of a user that are not over, the last used first. */
  ofUser: async (userId: number, now: number): Promise<Session[]> => {
    const rows = await db
      .selectFrom('sessions')
      .select(['id', 'user_id', 'created_at', 'last_used_at', 'expires_at', 'address', 'user_agent'])
      .where('user_id', '=', userId)
      .where('expires_at', '>', now)
      .orderBy('last_used_at', 'desc')
      .orderBy('id', 'desc')
      .execute()
    return rows.map(fromRow)
  },

  touch: async (id: number, usedAt: number, expiresAt: number): Promise<void> => {
    await db.updateTable('sessions').set({ last_used_at: usedAt, expires_at: expiresAt }).where('id', '=', id).execute()
  },

  /** Ends one session of a user; false when it is not one of theirs. */
  remove: async (id: number, userId: number): Promise<boolean> => {
    const rows = await db
      .deleteFrom('sessions')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returning('id')
      .execute()
    return rows.length > 0
  },

  /** Ends all sessions of a user, but for one where given. */
  removeOfUser: async (userId: number, except?: number): Promise<void> => {
    let query = db.deleteFrom('sessions').where('user_id', '=', userId)
    if (except !== undefined) query = query.where('id', '!=', except)
    await query.execute()
  },

  removeExpired: async (now: number): Promise<void> => {
    await db.deleteFrom('sessions').where('expires_at', '<=', now).execute()
  },
})
