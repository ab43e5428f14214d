import { randomBytes } from 'node:crypto'
import { hashToken } from './session-token.ts'

/** Crockford's base32: no letter that is taken for a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const CODES = 10
const CHARACTERS = 16
const GROUP = 4

export interface NewRecoveryCodes {
  /** Shown once: `7k2m-…`, 80 bits each. */
  readonly codes: readonly string[]
  /** What the database holds. */
  readonly hashes: readonly string[]
}

/** As people type it: any case, with or without dashes and spaces, `o` for 0, `i` and `l` for 1. */
const normalized = (code: string): string =>
  code.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1')

const newCode = (): string => {
  const characters = [...randomBytes(CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')
  return characters.match(new RegExp(`.{${GROUP}}`, 'g'))!.join('-')
}

/** Codes that each replace the second factor once, for who has lost the phone. */
export const newRecoveryCodes = (): NewRecoveryCodes => {
  const codes = Array.from({ length: CODES }, newCode)
  return { codes, hashes: codes.map((code) => hashToken(normalized(code))) }
}

/** The hashes that remain once the code is used; undefined when it is none of them. */
export const useRecoveryCode = (code: string, hashes: readonly string[]): readonly string[] | undefined => {
  if (code.length > 100) return undefined
  const hash = hashToken(normalized(code))
  const rest = hashes.filter((one) => one !== hash)
  return rest.length < hashes.length ? rest : undefined
}
