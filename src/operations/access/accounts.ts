import { hashPassword, passwordProblem } from '#auth/password.ts'
import { newToken } from '#auth/session-token.ts'
import type { Language } from '#core/message/message.ts'
import { type Outcome, refused } from '#core/problem.ts'
import type { By } from '#core/who/by.ts'
import type { Role } from '#core/who/role.ts'
import type { JsonObject } from '#lib/json.ts'
import { changed, type Operate } from '../operation.ts'

const NAME_FORM = /^[\p{L}\p{N}]([\p{L}\p{N} ._@+-]{0,62}[\p{L}\p{N}._@+-])?$/u
const PREFIX_SHOWN = 9

/** True for what may be the name of an account: it never reaches the database otherwise. */
export const isUserName = (name: string): boolean => NAME_FORM.test(name)

interface WantedUser {
  readonly name: string
  readonly password: string
  readonly role: Role
  readonly language?: Language | null
}

interface UserEdit {
  readonly role?: Role
  readonly enabled?: boolean
  readonly language?: Language | null
  readonly password?: string
  /** False takes the second factor away, for who has lost it. */
  readonly totp?: false
}

interface WantedToken {
  readonly name: string
  readonly role: Role
  /** Until when, from now, ms; null: for ever. */
  readonly lastsMs: number | null
}

/** Accounts and tokens, as administrators manage them through the API or by a command. */
export interface AccountOperations {
  /** Creates an account; returns its id. `onlyFirst`: refused with `name_taken` when there is any account. */
  createUser(by: By, wanted: WantedUser, onlyFirst?: boolean): Promise<Outcome<number>>
  /** Changes an account. A new password, a disabled account and a lost second factor end its sessions but `keepSession`. */
  changeUser(by: By, id: number, edit: UserEdit, keepSession?: number): Promise<Outcome<undefined>>
  /** Removes an account and its sessions. Tokens that it made belong to the server and stay. */
  removeUser(by: By, id: number): Promise<Outcome<undefined>>
  /** Makes a token; `token` is shown once and stored nowhere. */
  createToken(by: By, wanted: WantedToken): Promise<{ readonly id: number; readonly token: string }>
  /** Ends a token at once in this process, within seconds in another. */
  revokeToken(by: By, id: number): Promise<Outcome<undefined>>
}

const wrongPassword = (password: string) => {
  const wrong = passwordProblem(password)
  return wrong && refused('invalid_password', '', `${wrong[0]!.toUpperCase()}${wrong.slice(1)}.`)
}

const lastAdministrator = () =>
  refused('last_administrator', '', 'This is the last administrator: make somebody else one first.')

const entryOf = (action: string, object: 'user' | 'token', objectId: number, details: JsonObject) => ({
  action,
  object,
  objectId,
  details,
})

/** What was sent holds passwords: the log says what was done of it, in the operation's own words. */
export const unasked = ({ asked: _, ...by }: By): By => by

export const createAccountOperations = (operate: Operate): AccountOperations => ({
  createUser: async (by, { name, password, role, language = null }, onlyFirst = false) => {
    const normal = name.normalize('NFKC').trim()
    if (!isUserName(normal))
      return refused(
        'invalid_name',
        '',
        'A name is 1 to 64 letters, digits, spaces or . _ @ + - and begins with a letter or digit.',
      )
    const wrong = wrongPassword(password)
    if (wrong) return wrong
    const hash = await hashPassword(password)
    return operate(unasked(by), async ({ users }, at) => {
      if (onlyFirst && (await users.count()) > 0) return refused('name_taken', '', 'There is an account already.')
      const id = await users.insert({ name: normal, password: hash, role, language, createdAt: at })
      if (id === undefined) return refused('name_taken', '', `There is an account of the name ${normal} already.`)
      return changed(id, entryOf('create', 'user', id, { name: normal, role }))
    })
  },

  changeUser: async (by, id, { password, totp, ...changes }, keepSession) => {
    const wrong = password === undefined ? undefined : wrongPassword(password)
    if (wrong) return wrong
    const hash = password === undefined ? undefined : await hashPassword(password)
    return operate(unasked(by), async ({ users, sessions }) => {
      const demotes = changes.enabled === false || (changes.role !== undefined && changes.role !== 'administrator')
      if (demotes && (await users.isLastAdministrator(id))) return lastAdministrator()
      const before = await users.byId(id)
      if (!before) return refused('not_found', '', `There is no user ${id}.`)
      await users.change(id, { ...changes, ...(hash !== undefined && { password: hash }) })
      if (totp === false) await users.setTotp(id, null)
      if (hash !== undefined || totp === false || changes.enabled === false)
        await sessions.removeOfUser(id, keepSession)
      const details = {
        name: before.name,
        ...changes,
        ...(hash !== undefined && { password: 'changed' }),
        ...(totp === false && { totp: false }),
      }
      return changed(undefined, entryOf('update', 'user', id, details))
    })
  },

  removeUser: (by, id) =>
    operate(unasked(by), async ({ users, atHand }) => {
      if (await users.isLastAdministrator(id)) return lastAdministrator()
      const user = await users.byId(id)
      if (!user) return refused('not_found', '', `There is no user ${id}.`)
      await users.remove(id)
      await atHand.forget(id)
      return changed(undefined, entryOf('delete', 'user', id, { name: user.name }))
    }),

  createToken: async (by, { name, role, lastsMs }) => {
    const { token, hash } = newToken()
    const { value: id } = await operate(unasked(by), async ({ tokens }, at) => {
      const expiresAt = lastsMs === null ? null : at + lastsMs
      const prefix = token.slice(0, PREFIX_SHOWN)
      const id = await tokens.insert({ name, role, prefix, expiresAt, createdBy: by.actor, createdAt: at }, hash)
      return changed(id, entryOf('create', 'token', id, { name, role, expires_at: expiresAt }))
    })
    return { id, token }
  },

  revokeToken: (by, id) =>
    operate(unasked(by), async ({ tokens }, at) => {
      const token = await tokens.byId(id)
      if (!token || !(await tokens.revoke(id, at)))
        return refused('not_found', '', `There is no token ${id}, or it is revoked already.`)
      return changed(undefined, entryOf('revoke', 'token', id, { name: token.name }))
    }),
})
