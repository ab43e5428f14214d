import { newRecoveryCodes } from '#auth/recovery-codes.ts'
import { type Outcome, refused } from '#core/problem.ts'
import type { By } from '#core/who/by.ts'
import type { Sealer } from '#storage/seal.ts'
import { changed, type Operate } from '../operation.ts'
import { unasked } from './accounts.ts'

/** What everybody may change of their own account. */
export interface OwnAccountOperations {
  /** Puts a second factor in force that was confirmed by the code of the step `step`; returns the recovery codes, shown once. */
  setTotp(by: By, userId: number, secret: string, step: number): Promise<readonly string[]>
  removeTotp(by: By, userId: number): Promise<undefined>
  endSession(by: By, userId: number, sessionId: number): Promise<Outcome<undefined>>
  /** Ends the session of who signs out. */
  signOut(by: By, userId: number, sessionId: number): Promise<undefined>
}

const entryOf = (action: string, object: 'user' | 'session', objectId: number) => ({ action, object, objectId })

export const createOwnAccountOperations = (operate: Operate, sealer: () => Sealer): OwnAccountOperations => ({
  setTotp: async (by, userId, secret, step) => {
    const { codes, hashes } = newRecoveryCodes()
    const sealed = sealer().seal(secret)
    await operate(unasked(by), async ({ users }) => {
      await users.setTotp(userId, { secret: sealed, step, recoveryCodes: hashes })
      return changed(undefined, entryOf('totp_on', 'user', userId))
    })
    return codes
  },

  removeTotp: async (by, userId) => {
    await operate(unasked(by), async ({ users }) => {
      await users.setTotp(userId, null)
      return changed(undefined, entryOf('totp_off', 'user', userId))
    })
    return undefined
  },

  endSession: (by, userId, sessionId) =>
    operate(unasked(by), async ({ sessions }) => {
      if (!(await sessions.remove(sessionId, userId)))
        return refused('not_found', '', `There is no session ${sessionId} of yours.`)
      return changed(undefined, entryOf('revoke', 'session', sessionId))
    }),

  signOut: async (by, userId, sessionId) => {
    await operate(unasked(by), async ({ sessions }) => {
      await sessions.remove(sessionId, userId)
      return changed(undefined, entryOf('sign_out', 'session', sessionId))
    })
    return undefined
  },
})
