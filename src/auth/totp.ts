import { Secret, TOTP } from 'otpauth'

/** Steps of 30 s, 6 digits, SHA-1: what every authenticator app understands (RFC 6238). */
const PERIOD_S = 30
const DIGITS = 6
const SECRET_BYTES = 20
/** Steps by which a phone's clock may be off, in both directions. */
const WINDOW = 1

const totpOf = (secret: string, account = '', issuer = '') =>
  new TOTP({
    issuer,
    label: account,
    algorithm: 'SHA1',
    digits: DIGITS,
    period: PERIOD_S,
    secret: Secret.fromBase32(secret),
  })

/** A new secret in base32, 160 bits (RFC 4226, section 4). Keep it sealed. */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32

/** The `otpauth://` address that an app reads from a QR code. It holds the secret. */
export const enrolUri = (secret: string, account: string, issuer = 'Vigía'): string =>
  totpOf(secret, account, issuer).toString()

export type TotpOutcome =
  /** Store `step` with the account: codes up to it are used up. */
  { readonly ok: true; readonly step: number } | { readonly ok: false; readonly reason: 'wrong' | 'replayed' }

/**
 * Checks a code of an app. `lastUsedStep` is the step of the last accepted code, null before the first; a code of that
 * step or an earlier one was seen already and is refused (RFC 6238, section 5.2). `now` in ms.
 */
export const verifyTotp = (secret: string, code: string, now: number, lastUsedStep: number | null): TotpOutcome => {
  const token = code.length <= 20 ? code.replace(/[\s-]/g, '') : ''
  if (!/^\d{6}$/.test(token)) return { ok: false, reason: 'wrong' }
  const delta = totpOf(secret).validate({ token, timestamp: now, window: WINDOW })
  if (delta === null) return { ok: false, reason: 'wrong' }
  const step = Math.floor(now / (PERIOD_S * 1000)) + delta
  return lastUsedStep !== null && step <= lastUsedStep ? { ok: false, reason: 'replayed' } : { ok: true, step }
}
