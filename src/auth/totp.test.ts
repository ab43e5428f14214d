import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Secret } from 'otpauth'
import { newRecoveryCodes, useRecoveryCode } from './recovery-codes.ts'
import { enrolUri, newTotpSecret, verifyTotp } from './totp.ts'

/** RFC 6238, appendix B: the SHA-1 values, of which apps show the last 6 digits. */
const RFC_SECRET = Secret.fromLatin1('12345678901234567890').base32
const RFC_VALUES: readonly (readonly [number, string])[] = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
]

describe('TOTP', () => {
  for (const [seconds, value] of RFC_VALUES)
    it(`gives the value of the RFC at ${seconds} s`, () => {
      const step = Math.floor(seconds / 30)
      assert.deepEqual(verifyTotp(RFC_SECRET, value.slice(2), seconds * 1000, null), { ok: true, step })
    })

  const [seconds, value] = RFC_VALUES[2]!
  const code = value.slice(2)
  const step = Math.floor(seconds / 30)

  it('allows a clock that is off by one step, not by two', () => {
    for (const off of [-30, 30])
      assert.deepEqual(verifyTotp(RFC_SECRET, code, (seconds + off) * 1000, null), { ok: true, step })
    for (const off of [-60, 60])
      assert.deepEqual(verifyTotp(RFC_SECRET, code, (seconds + off) * 1000, null), { ok: false, reason: 'wrong' })
  })

  it('refuses a code that was used, and every earlier one', () => {
    const now = seconds * 1000
    assert.deepEqual(verifyTotp(RFC_SECRET, code, now, step), { ok: false, reason: 'replayed' })
    assert.deepEqual(verifyTotp(RFC_SECRET, code, now + 30_000, step + 1), { ok: false, reason: 'replayed' })
    assert.deepEqual(verifyTotp(RFC_SECRET, code, now, step - 1), { ok: true, step })
  })

  it('reads a code with a space in it and refuses everything else', () => {
    assert.equal(verifyTotp(RFC_SECRET, `${code.slice(0, 3)} ${code.slice(3)}`, seconds * 1000, null).ok, true)
    for (const wrong of ['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦', '1'.repeat(100_000)])
      assert.deepEqual(verifyTotp(RFC_SECRET, wrong, seconds * 1000, null), { ok: false, reason: 'wrong' })
  })

  it('gives an address that apps understand', () => {
    const secret = newTotpSecret()
    assert.match(secret, /^[A-Z2-7]{32}$/)
    const uri = new URL(enrolUri(secret, 'ana@isp.example'))
    assert.equal(uri.protocol, 'otpauth:')
    assert.equal(uri.host, 'totp')
    assert.equal(decodeURIComponent(uri.pathname), '/Vigía:ana@isp.example')
    assert.equal(uri.searchParams.get('secret'), secret)
    assert.equal(uri.searchParams.get('issuer'), 'Vigía')
    assert.equal(uri.searchParams.get('period'), '30')
  })
})

describe('recovery codes', () => {
  it('work once each, as people type them', () => {
    const { codes, hashes } = newRecoveryCodes()
    assert.equal(new Set(codes).size, 10)
    for (const code of codes) assert.match(code, /^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/)
    const rest = useRecoveryCode(` ${codes[3]!.toUpperCase().replaceAll('-', ' ')} `, hashes)!
    assert.equal(rest.length, 9)
    assert.equal(useRecoveryCode(codes[3]!, rest), undefined)
    assert.equal(useRecoveryCode(codes[4]!, rest)?.length, 8)
    assert.ok(codes.every((code) => !hashes.includes(code)))
  })

  it('takes letters that look like digits for them', () => {
    const { codes, hashes } = newRecoveryCodes()
    const mistaken = codes[0]!.replaceAll('0', 'O').replaceAll('1', 'l')
    assert.equal(useRecoveryCode(mistaken, hashes)?.length, 9)
  })

  it('refuses everything else', () => {
    const { hashes } = newRecoveryCodes()
    for (const wrong of ['', '-', 'aaaa-aaaa-aaaa-aaaa', 'x'.repeat(1_000_000)])
      assert.equal(useRecoveryCode(wrong, hashes), undefined)
  })
})
