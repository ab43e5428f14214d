import type { Selectable } from 'kysely'
import type { Language } from '#core/message/message.ts'
import type { Role } from '#core/who/role.ts'
import type { Database } from './database.ts'
import { idOf } from './database.ts'
import type { UsersTable } from './tables.ts'

/** An account. Never send it as it is: the hashes are part of it. */
export interface User {
  readonly id: number
  readonly name: string
  /** Hash of the password. */
  readonly password: string
  readonly role: Role
  /** Sealed; null without a second factor. */
  readonly totpSecret: string | null
  /** Codes up to this step are used up. */
  readonly totpLastStep: number | null
  /** Hashes of the recovery codes that are left. */
  readonly recoveryCodes: readonly string[]
  /** Hashes of addresses from which somebody signed in, the latest first. */
  readonly knownPlaces: readonly string[]
  readonly language: Language | null
  readonly enabled: boolean
  readonly createdAt: number
}

export type NewUser = Pick<User, 'name' | 'password' | 'role' | 'language' | 'createdAt'>
export type UserChanges = Partial<Pick<User, 'password' | 'role' | 'language' | 'enabled'>>

const fromRow = (row: Selectable<UsersTable>): User => ({
  id: row.id,
  name: row.name,
  password: row.password,
  role: row.role as Role,
  totpSecret: row.totp_secret,
  totpLastStep: row.totp_last_step,
  recoveryCodes: JSON.parse(row.recovery_codes) as string[],
  knownPlaces: JSON.parse(row.known_places) as string[],
  language: row.language as Language | null,
  enabled: row.enabled === 1,
  createdAt: row.created_at,
})

/** `Ana`, `ANA` and a fullwidth `Ａna` are one account. */
const keyOf = (name: string): string => name.normalize('NFKC').toLowerCase()

export const createUsers = (db: Database) => ({
  count: async (): Promise<number> => {
    const row = await db
      .selectFrom('users')
      .select((select) => select.fn.countAll().as('count'))
      .executeTakeFirst()
    return Number(row?.count ?? 0)
  },

  list: async (): Promise<User[]> => (await db.selectFrom('users').selectAll().orderBy('id').execute()).map(fromRow),

  byId: async (id: number): Promise<User | undefined> => {
    const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
    return row && fromRow(row)
  },

  byName: async (name: string): Promise<User | undefined> => {
    const row = await db.selectFrom('users').selectAll().where('name_key', '=', keyOf(name)).executeTakeFirst()
    return row && fromRow(row)
  },

  /** Returns the id; undefined when another account has the name in any spelling. */
  insert: async ({ name, password, role, language, createdAt }: NewUser): Promise<number | undefined> => {
    const row = await db
      .insertInto('users')
      .values({ name, name_key: keyOf(name), password, role, language, created_at: createdAt })
      .onConflict((conflict) => conflict.column('name_key').doNothing())
      .returning('id')
      .executeTakeFirst()
    return row && idOf(row)
  },

  change: async (id: number, { enabled, ...changes }: UserChanges): Promise<void> => {
    const values = { ...changes, ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }) }
    if (Object.keys(values).length > 0) await db.updateTable('users').set(values).where('id', '=', id).execute()
  },

  remove: async (id: number): Promise<void> => {
    await db.deleteFrom('users').where('id', '=', id).execute()
  },

  /**
   * Whether this account is the only one left that may administer. Within a transaction, others that ask wait until it
   * ends: two administrators cannot remove one another at the same moment.
   */
  isLastAdministrator: async (id: number): Promise<boolean> => {
    // A change that changes nothing locks the rows, in the words of both engines.
    const administrators = await db
      .updateTable('users')
      .set((set) => ({ enabled: set.ref('enabled') }))
      .where('role', '=', 'administrator')
      .where('enabled', '=', 1)
      .returning('id')
      .execute()
    return administrators.length === 1 && administrators[0]!.id === id
  },

  /** Sets or, with null, takes away the second factor. */
  setTotp: async (
    id: number,
    totp: { readonly secret: string; readonly step: number; readonly recoveryCodes: readonly string[] } | null,
  ): Promise<void> => {
    await db
      .updateTable('users')
      .set({
        totp_secret: totp?.secret ?? null,
        totp_last_step: totp?.step ?? null,
        recovery_codes: JSON.stringify(totp?.recoveryCodes ?? []),
      })
      .where('id', '=', id)
      .execute()
  },

  /** Marks the codes up to `step` as used; false when somebody else used this one first. */
  useTotpStep: async (id: number, step: number): Promise<boolean> => {
    const rows = await db
      .updateTable('users')
      .set({ totp_last_step: step })
      .where('id', '=', id)
      .where((where) => where.or([where('totp_last_step', 'is', null), where('totp_last_step', '<', step)]))
      .returning('id')
      .execute()
    return rows.length > 0
  },

  rememberPlaces: async (id: number, places: readonly string[]): Promise<void> => {
    await db
      .updateTable('users')
      .set({ known_places: JSON.stringify(places) })
      .where('id', '=', id)
      .execute()
  },

  /** Replaces the recovery codes that are left; false when somebody else changed them first. */
  useRecoveryCode: async (id: number, before: readonly string[], after: readonly string[]): Promise<boolean> => {
    const rows = await db
      .updateTable('users')
      .set({ recovery_codes: JSON.stringify(after) })
      .where('id', '=', id)
      .where('recovery_codes', '=', JSON.stringify(before))
      .returning('id')
      .execute()
    return rows.length > 0
  },
})
