import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { FoundKeys, SealKey } from './seal-key.ts'

export type Opened =
  | { readonly ok: true; readonly value: string }
  /** `key_missing`: sealed by a key that this server does not have. `damaged`: changed since, or never sealed. */
  | { readonly ok: false; readonly reason: 'key_missing' | 'damaged' }

export interface Sealer {
  /** False where the key is missing: then `seal` throws StorageError. */
  readonly canSeal: boolean
  /** `sealed:1:KEYID:…`; sealing the same text twice gives different values. */
  seal(plain: string): string
  open(sealed: string): Opened
  /** True for a value of an older key: open it and seal it again. */
  isOutdated(sealed: string): boolean
}

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const FORM = /^(sealed:1:([0-9a-f]{12}):)([A-Za-z0-9_-]+)$/

const encrypt = (plain: string, { id, bytes }: SealKey): string => {
  const header = `sealed:1:${id}:`
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, bytes, nonce).setAAD(Buffer.from(header))
  const body = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return header + body.toString('base64url')
}

const decrypt = (header: string, payload: string, { bytes }: SealKey): Opened => {
  const body = Buffer.from(payload, 'base64url')
  if (body.length < NONCE_BYTES + TAG_BYTES) return { ok: false, reason: 'damaged' }
  const decipher = createDecipheriv(ALGORITHM, bytes, body.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(header))
    .setAuthTag(body.subarray(-TAG_BYTES))
  try {
    const plain = Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
    return { ok: true, value: plain.toString('utf8') }
  } catch {
    // The only failure of `final` is a tag that does not fit.
    return { ok: false, reason: 'damaged' }
  }
}

/** Whether a text is what `seal` makes. */
export const isSealed = (text: string): boolean => FORM.test(text)

/** Seals secrets for the database with AES-256-GCM; each value names its key, so keys can be changed one by one. */
export const createSealer = (
  { current, older }: FoundKeys,
  refusal: () => Error = () => new Error('there is no key'),
): Sealer => {
  const keys = new Map([...older, ...(current ? [current] : [])].map((key) => [key.id, key]))
  return {
    canSeal: current !== undefined,
    seal: (plain) => {
      if (!current) throw refusal()
      return encrypt(plain, current)
    },
    open: (sealed) => {
      const [, header, id, payload] = FORM.exec(sealed) ?? []
      if (header === undefined) return { ok: false, reason: 'damaged' }
      const key = keys.get(id!)
      return key ? decrypt(header, payload!, key) : { ok: false, reason: 'key_missing' }
    },
    isOutdated: (sealed) => {
      const id = FORM.exec(sealed)?.[2]
      return id !== undefined && id !== current?.id
    },
  }
}
