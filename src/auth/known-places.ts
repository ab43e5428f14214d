import { hash } from 'node:crypto'
import { addressKey } from './sign-in-throttle.ts'

/** Home, office, phone, some hotels. */
const MOST = 20
const LENGTH = 22

/** An address as an account remembers it. With another password it is another hash: a new one forgets all places. */
export const placeOf = (account: { readonly password: string }, address: string): string =>
  hash('sha256', `${account.password}\0${addressKey(address)}`, 'base64url').slice(0, LENGTH)

/** The latest first. */
export const withPlace = (known: readonly string[], place: string): readonly string[] =>
  [place, ...known.filter((one) => one !== place)].slice(0, MOST)
