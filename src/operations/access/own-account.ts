import { newRecoveryCodes } from '#auth/recovery-codes.ts'
import { notThere, type Outcome, refused } from '#core/problem.ts'
import type { By } from '#core/who/by.ts'
import type { SavedFilter } from '#storage/at-hand.ts'
import type { Sealer } from '#storage/seal.ts'
import { changed, type Operate } from '../operation.ts'
import { unasked } from './accounts.ts'

/** What everybody may change of their own account. */
export interface OwnAccountOperations {
  /** Puts a second factor in force that was confirmed by the code of the step `step`; returns the recovery codes, shown once. */
  setTotp(by: By, userId: number, secret: string, step: number): Promise<readonly string[]>
  removeTotp(by: By, userId: number): Promise<undefined>
  /** Keeps a filter under its name, in place of what stood there; its id. What people keep at hand is nobody else's news. */
  saveFilter(by: By, userId: number, filter: Omit<SavedFilter, 'id'>): Promise<Outcome<number>>
  removeFilter(by: By, userId: number, id: number): Promise<Outcome<undefined>>
  setFavourite(by: By, userId: number, monitorId: number, is: boolean): Promise<Outcome<undefined>>
  endSession(by: By, userId: number, sessionId: number): Promise<Outcome<undefined>>
  /** Ends the session of who signs out. */
  signOut(by: By, userId: number, sessionId: number): Promise<undefined>
}

/** Whoever keeps more at hand has nothing at hand. */
const MOST_FILTERS = 100
const MOST_FAVOURITES = 1000

const tooMany = (limit: number) =>
  refused('invalid_input', '', `${limit} of these are kept already: take some out first`, {
    code: 'too_many',
    facts: { limit },
  })

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

  saveFilter: (by, userId, filter) =>
    operate(unasked(by), async ({ atHand }) => {
      const filters = await atHand.filters(userId)
      const isNew = !filters.some(({ page, name }) => page === filter.page && name === filter.name)
      if (isNew && filters.length >= MOST_FILTERS) return tooMany(MOST_FILTERS)
      return changed(await atHand.saveFilter(userId, filter))
    }),

  removeFilter: (by, userId, id) =>
    operate(unasked(by), async ({ atHand }) =>
      (await atHand.removeFilter(userId, id)) ? changed(undefined) : notThere('saved filter of yours'),
    ),

  setFavourite: (by, userId, monitorId, is) =>
    operate(unasked(by), async ({ atHand, monitors }) => {
      if (is && !(await monitors.byId(monitorId))) return notThere('monitor')
      if (is && (await atHand.favourites(userId)).length >= MOST_FAVOURITES) return tooMany(MOST_FAVOURITES)
      await atHand.setFavourite(userId, monitorId, is)
      return changed(undefined)
    }),

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
