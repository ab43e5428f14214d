import type { Logger } from 'pino'
import type { Clock } from '#lib/time/clock.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { AccountOperations } from '#operations/access/accounts.ts'
import type { Identities } from '#operations/access/identities.ts'
import type { OwnAccountOperations } from '#operations/access/own-account.ts'
import type { SignIn } from '#operations/access/sign-in.ts'
import type { Storage } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'

export interface AccessDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** Seals the secrets of second factors; asked for when one is used. */
  readonly sealer: () => Sealer
}

/** What the routes of this folder share. */
export interface AccessTools extends AccessDeps {
  readonly identities: Identities
  readonly signIn: SignIn
  readonly accounts: AccountOperations
  readonly ownAccount: OwnAccountOperations
}
