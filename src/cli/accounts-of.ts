import { systemClock } from '#lib/time/clock.ts'
import { type AccountOperations, createAccountOperations } from '#operations/access/accounts.ts'
import { createOperate } from '#operations/operation.ts'
import type { Storage } from '#storage/index.ts'

/** Accounts and tokens of a store that a command has opened: nobody watches it live. */
export const accountsOf = (storage: Pick<Storage, 'transaction'>, now = systemClock.now): AccountOperations =>
  createAccountOperations(createOperate({ storage, now, announce: () => {} }))
