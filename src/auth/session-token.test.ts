import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearerToken, hashToken, isToken, newToken, tokenMatches } from './session-token.ts'

describe('tokens', () => {
  it('are 32 random bytes with a prefix, stored as SHA-256', () => {
    const { token, hash } = newToken()
    assert.match(token, /^vg_[A-Za-z0-9_-]{43}$/)
    assert.equal(Buffer.from(token.slice(3), 'base64url').length, 32)
    assert.equal(hash, hashToken(token))
    assert.match(hash, /^[0-9a-f]{64}$/)
    assert.notEqual(newToken().token, token)
    assert.equal(hashToken('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('match their own hash only', () => {
    const { token, hash } = newToken()
    assert.equal(tokenMatches(token, hash), true)
    assert.equal(tokenMatches(newToken().token, hash), false)
    for (const [other, stored] of [
      ['', hash],
      [token, ''],
      [token, 'not hex'],
      [`${token}x`, hash],
      ['abc', hashToken('abc')],
    ] as const)
      assert.equal(tokenMatches(other, stored), false)
  })

  it('are read from a bearer header', () => {
    const { token } = newToken()
    assert.equal(bearerToken(`Bearer ${token}`), token)
    assert.equal(bearerToken(`bearer   ${token} `), token)
    for (const header of [undefined, '', token, `Basic ${token}`, 'Bearer ', 'Bearer x', `Bearer ${token} ${token}`])
      assert.equal(bearerToken(header), undefined, String(header))
    assert.equal(isToken(`${token}\n`), false)
  })
})
