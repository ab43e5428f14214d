import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/** Memory in KiB, passes over it, lanes. */
export interface PasswordCost {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

/** OWASP's recommendation for argon2id: 19 MiB, 2 passes, 1 lane. */
const PASSWORD_COST: PasswordCost = { memory: 19_456, passes: 2, parallelism: 1 }

const VERSION = 19
const SALT_BYTES = 16
const HASH_BYTES = 32
export const SHORTEST_PASSWORD = 8
/** Longer ones are refused before any work is done on them. */
export const LONGEST_PASSWORD = 1000
/** A stored string may not ask for more than this: it could have been tampered with. */
const DEAREST: PasswordCost = { memory: 1_048_576, passes: 16, parallelism: 16 }

interface Stored {
  readonly cost: PasswordCost
  readonly salt: Buffer
  readonly hash: Buffer
}

const FORM = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

const parse = (stored: string): Stored | undefined => {
  const [, memory, passes, parallelism, salt, hash] = FORM.exec(stored) ?? []
  if (memory === undefined) return undefined
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const fits =
    cost.parallelism >= 1 &&
    cost.passes >= 1 &&
    cost.memory >= 8 * cost.parallelism &&
    cost.memory <= DEAREST.memory &&
    cost.passes <= DEAREST.passes &&
    cost.parallelism <= DEAREST.parallelism
  return fits ? { cost, salt: Buffer.from(salt!, 'base64'), hash: Buffer.from(hash!, 'base64') } : undefined
}

const argon2id = (password: string, salt: Buffer, cost: PasswordCost, length: number): Promise<Buffer> =>
  derive('argon2id', {
    // The same characters typed on another keyboard may arrive in another composition (NIST SP 800-63B).
    message: password.normalize('NFKC'),
    nonce: salt,
    tagLength: length,
    ...cost,
  })

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

/** What is wrong with a new password; undefined when it may be used. */
export const passwordProblem = (password: string): string | undefined => {
  const length = [...password.slice(0, LONGEST_PASSWORD + 1)].length
  if (length < SHORTEST_PASSWORD) return `the password is too short; use at least ${SHORTEST_PASSWORD} characters`
  return password.length > LONGEST_PASSWORD
    ? `the password is too long; use at most ${LONGEST_PASSWORD} characters`
    : undefined
}

/** The password as `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, which carries its own parameters. */
export const hashPassword = async (password: string, cost: PasswordCost = PASSWORD_COST): Promise<string> => {
  const salt = randomBytes(SALT_BYTES)
  const hash = await argon2id(password, salt, cost, HASH_BYTES)
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=${VERSION}$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(hash)}`
}

const NOBODY: Stored = { cost: PASSWORD_COST, salt: Buffer.alloc(SALT_BYTES), hash: Buffer.alloc(HASH_BYTES) }

/**
 * True when the password is the stored one. Pass undefined for an account that does not exist: the work is the same, so
 * that the time of the answer does not tell who has an account. A damaged stored string is false.
 */
export const verifyPassword = async (password: string, stored: string | undefined): Promise<boolean> => {
  if (password.length > LONGEST_PASSWORD) return false
  const known = stored === undefined ? undefined : parse(stored)
  const { cost, salt, hash } = known ?? NOBODY
  const given = await argon2id(password, salt, cost, hash.length)
  return timingSafeEqual(given, hash) && known !== undefined
}

/** True when the stored string was made at another cost than today's: hash again after the next sign-in. */
export const needsRehash = (stored: string, cost: PasswordCost = PASSWORD_COST): boolean => {
  const known = parse(stored)?.cost
  return (
    known === undefined ||
    known.memory !== cost.memory ||
    known.passes !== cost.passes ||
    known.parallelism !== cost.parallelism
  )
}
