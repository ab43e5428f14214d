import { createECDH, createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto'

/** A key pair by which a server says who it is to push services (RFC 8292). */
export interface VapidKeys {
  /** The uncompressed point, base64url: what a browser subscribes with. */
  readonly publicKey: string
  readonly privateKey: KeyObject
}

const CURVE = 'prime256v1'

/** The same pair for the same secret, always: browsers that have subscribed stay subscribed. */
export const vapidKeys = (secret: string): VapidKeys => {
  for (let round = 0; ; round++) {
    const number = createHmac('sha256', Buffer.from(secret, 'base64')).update(`vapid:${round}`).digest()
    const pair = createECDH(CURVE)
    try {
      pair.setPrivateKey(number)
    } catch {
      // One in four thousand million is no number of the curve.
      continue
    }
    const point = pair.getPublicKey()
    const [x, y] = [point.subarray(1, 33), point.subarray(33, 65)].map((one) => one.toString('base64url')) as [
      string,
      string,
    ]
    const key = { kty: 'EC', crv: 'P-256', x, y, d: number.toString('base64url') }
    return { publicKey: point.toString('base64url'), privateKey: createPrivateKey({ key, format: 'jwk' }) }
  }
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
/** A day at most (RFC 8292, 2). */
const VALID_S = 12 * 3600

/** The `Authorization` of a message to a push service: who sends, to which service, until when; `now` in ms. */
export const vapidAuthorization = (endpoint: URL, subject: string, keys: VapidKeys, now: number): string => {
  const claims = { aud: endpoint.origin, exp: Math.floor(now / 1000) + VALID_S, sub: subject }
  const text = `${part({ typ: 'JWT', alg: 'ES256' })}.${part(claims)}`
  const signature = sign('sha256', Buffer.from(text), { key: keys.privateKey, dsaEncoding: 'ieee-p1363' })
  return `vapid t=${text}.${signature.toString('base64url')}, k=${keys.publicKey}`
}
