import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

const PREFIX = 'vg_'
const TOKEN_BYTES = 32
const FORM = /^vg_[A-Za-z0-9_-]{43}$/

export interface NewToken {
  /** Shown once, never stored. */
  readonly token: string
  /** What the database holds. */
  readonly hash: string
}

/** SHA-256 in hex. Enough without salt or cost: 256 random bits cannot be guessed, unlike a password. */
export const hashToken = (token: string): string => hash('sha256', token, 'hex')

/** A token for a session, an API client or a one-time link: `vg_` and 32 random bytes in base64url. */
export const newToken = (): NewToken => {
  const token = PREFIX + randomBytes(TOKEN_BYTES).toString('base64url')
  return { token, hash: hashToken(token) }
}

/** True when the text has the form of a token: the rest is refused without asking the database. */
export const isToken = (text: string): boolean => FORM.test(text)

/** True when the token is the one of this hash; the time taken does not tell how much of it fits. */
export const tokenMatches = (token: string, hash: string): boolean => {
  const [given, stored] = [Buffer.from(hashToken(token), 'hex'), Buffer.from(hash, 'hex')]
  return isToken(token) && given.length === stored.length && timingSafeEqual(given, stored)
}

/** The token of an `Authorization: Bearer …` header; undefined when there is none of our form. */
export const bearerToken = (header: string | undefined): string | undefined => {
  const token = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1]
  return token !== undefined && isToken(token) ? token : undefined
}
