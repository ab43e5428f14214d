import type { Logger } from 'pino'
import type { Clock } from '#lib/clock.ts'
import type { Storage } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import type { Identities } from './identities.ts'
import type { SignIn } from './sign-in.ts'

export interface AccessDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** Seals the secrets of second factors; asked for when one is used. */
  readonly sealer: () => Sealer
}

/** What the routes of this folder share. */
export interface AccessTools extends AccessDeps {
  readonly identities: Identities
  readonly signIn: SignIn
}
