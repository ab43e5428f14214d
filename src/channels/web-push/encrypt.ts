import { createCipheriv, createECDH, createHmac, type ECDH, randomBytes } from 'node:crypto'

/** What a browser gave with its subscription. */
export interface PushKeys {
  /** Its public key, an uncompressed point of P-256. */
  readonly publicKey: Buffer
  readonly auth: Buffer
}

/** Chance, which a test takes from the RFC. */
export interface Chance {
  readonly salt: Buffer
  /** A pair for this message alone. */
  readonly pair: ECDH
}

const CURVE = 'prime256v1'
const RECORD = 4096
const POINT = 65
/** What a message may hold: a record without its head, its tag and its end (RFC 8291, 4). */
export const LONGEST_PUSH = RECORD - 16 - 1 - (16 + 4 + 1 + POINT)

const hmac = (key: Buffer, ...parts: readonly (Buffer | string)[]): Buffer => {
  const made = createHmac('sha256', key)
  for (const one of parts) made.update(one)
  return made.digest()
}

const fresh = (): Chance => {
  const pair = createECDH(CURVE)
  pair.generateKeys()
  return { salt: randomBytes(16), pair }
}

/** True for a point on the curve of the length that browsers send. */
export const isPushKey = (publicKey: Buffer): boolean => {
  if (publicKey.length !== POINT) return false
  try {
    const pair = createECDH(CURVE)
    pair.generateKeys()
    pair.computeSecret(publicKey)
    return true
  } catch {
    return false
  }
}

/**
 * A message that only the browser which subscribed can read (RFC 8291), in the coding `aes128gcm` (RFC 8188), one record. Throws
 * what node:crypto throws of a key that is no point.
 */
export const encryptPush = (text: Buffer, { publicKey, auth }: PushKeys, chance: Chance = fresh()): Buffer => {
  const { salt, pair } = chance
  const own = pair.getPublicKey()
  const one = Buffer.from([1])
  const keyOf = hmac(auth, pair.computeSecret(publicKey))
  const input = hmac(keyOf, 'WebPush: info\0', publicKey, own, one)
  const prk = hmac(salt, input)
  const key = hmac(prk, 'Content-Encoding: aes128gcm\0', one).subarray(0, 16)
  const nonce = hmac(prk, 'Content-Encoding: nonce\0', one).subarray(0, 12)
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  // The last record ends with 2.
  const sealed = Buffer.concat([
    cipher.update(text),
    cipher.update(Buffer.from([2])),
    cipher.final(),
    cipher.getAuthTag(),
  ])
  const head = Buffer.alloc(5)
  head.writeUInt32BE(RECORD, 0)
  head[4] = own.length
  return Buffer.concat([salt, head, own, sealed])
}
