import type { Language } from '#core/message.ts'
import type { Role } from '#core/role.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { hashPassword, passwordProblem } from '../auth/password.ts'
import { newToken } from '../auth/session-token.ts'
import type { By } from './actor.ts'

// What people change about accounts and tokens, each with its entry in the audit log, for the API and the commands.

export type RefusalCode = 'invalid_name' | 'invalid_password' | 'name_taken' | 'last_administrator' | 'not_found'

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: RefusalCode; readonly detail: string }

const done = <T>(value: T): Outcome<T> => ({ ok: true, value })
const refused = (code: RefusalCode, detail: string): Outcome<never> => ({ ok: false, code, detail })

const NAME_FORM = /^[\p{L}\p{N}]([\p{L}\p{N} ._@+-]{0,62}[\p{L}\p{N}._@+-])?$/u
const PREFIX_SHOWN = 9

/** True for what may be the name of an account: it never reaches the database otherwise. */
export const isUserName = (name: string): boolean => NAME_FORM.test(name)

const audit = (
  { audit }: Repositories,
  { actor, address, at }: By,
  action: string,
  object: string,
  objectId: number,
  details: JsonObject,
) => audit.insert({ at, actor, address, action, object, objectId, details })

export interface WantedUser {
  readonly name: string
  readonly password: string
  readonly role: Role
  readonly language?: Language | null
}

/** Creates an account; returns its id. `onlyFirst`: refused with `name_taken` when there is any account. */
export const createUser = async (
  storage: Storage,
  { name, password, role, language = null }: WantedUser,
  by: By,
  onlyFirst = false,
): Promise<Outcome<number>> => {
  const normal = name.normalize('NFKC').trim()
  if (!isUserName(normal))
    return refused(
      'invalid_name',
      'A name is 1 to 64 letters, digits, spaces or . _ @ + - and begins with a letter or digit.',
    )
  const wrong = passwordProblem(password)
  if (wrong) return refused('invalid_password', `${wrong[0]!.toUpperCase()}${wrong.slice(1)}.`)
  const hash = await hashPassword(password)
  return storage.transaction(async (repositories) => {
    const { users } = repositories
    if (onlyFirst && (await users.count()) > 0) return refused('name_taken', 'There is an account already.')
    const id = await users.insert({ name: normal, password: hash, role, language, createdAt: by.at })
    if (id === undefined) return refused('name_taken', `There is an account of the name ${normal} already.`)
    await audit(repositories, by, 'create', 'user', id, { name: normal, role })
    return done(id)
  })
}

export interface UserEdit {
  readonly role?: Role
  readonly enabled?: boolean
  readonly language?: Language | null
  readonly password?: string
  /** False takes the second factor away, for who has lost it. */
  readonly totp?: false
}

/** Changes an account. A new password, a disabled account and a lost second factor end its sessions. */
export const changeUser = async (
  storage: Storage,
  id: number,
  { password, totp, ...changes }: UserEdit,
  by: By,
  keepSession?: number,
): Promise<Outcome<void>> => {
  const wrong = password === undefined ? undefined : passwordProblem(password)
  if (wrong) return refused('invalid_password', `${wrong[0]!.toUpperCase()}${wrong.slice(1)}.`)
  const hash = password === undefined ? undefined : await hashPassword(password)
  return storage.transaction(async (repositories) => {
    const { users, sessions } = repositories
    const demotes = changes.enabled === false || (changes.role !== undefined && changes.role !== 'administrator')
    if (demotes && (await users.isLastAdministrator(id)))
      return refused('last_administrator', 'This is the last administrator: make somebody else one first.')
    const before = await users.byId(id)
    if (!before) return refused('not_found', `There is no user ${id}.`)
    await users.change(id, { ...changes, ...(hash !== undefined && { password: hash }) })
    if (totp === false) await users.setTotp(id, null)
    if (hash !== undefined || totp === false || changes.enabled === false) await sessions.removeOfUser(id, keepSession)
    await audit(repositories, by, 'update', 'user', id, {
      name: before.name,
      ...changes,
      ...(hash !== undefined && { password: 'changed' }),
      ...(totp === false && { totp: false }),
    })
    return done(undefined)
  })
}

/** Removes an account and its sessions. Tokens that it made belong to the server and stay. */
export const removeUser = (storage: Storage, id: number, by: By): Promise<Outcome<void>> =>
  storage.transaction(async (repositories) => {
    const { users } = repositories
    if (await users.isLastAdministrator(id))
      return refused('last_administrator', 'This is the last administrator: make somebody else one first.')
    const user = await users.byId(id)
    if (!user) return refused('not_found', `There is no user ${id}.`)
    await users.remove(id)
    await audit(repositories, by, 'delete', 'user', id, { name: user.name })
    return done(undefined)
  })

export interface WantedToken {
  readonly name: string
  readonly role: Role
  /** Ms; null: never. */
  readonly expiresAt: number | null
}

/** Makes a token; `token` is shown once and stored nowhere. */
export const createToken = (
  storage: Storage,
  { name, role, expiresAt }: WantedToken,
  by: By,
): Promise<{ readonly id: number; readonly token: string }> =>
  storage.transaction(async (repositories) => {
    const { token, hash } = newToken()
    const prefix = token.slice(0, PREFIX_SHOWN)
    const id = await repositories.tokens.insert(
      { name, role, prefix, expiresAt, createdBy: by.actor, createdAt: by.at },
      hash,
    )
    await audit(repositories, by, 'create', 'token', id, { name, role, expires_at: expiresAt })
    return { id, token }
  })

/** Ends a token at once in this process, within seconds in another. */
export const revokeToken = (storage: Storage, id: number, by: By): Promise<Outcome<void>> =>
  storage.transaction(async (repositories) => {
    const token = await repositories.tokens.byId(id)
    if (!token || !(await repositories.tokens.revoke(id, by.at)))
      return refused('not_found', `There is no token ${id}, or it is revoked already.`)
    await audit(repositories, by, 'revoke', 'token', id, { name: token.name })
    return done(undefined)
  })
