import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hashPassword, LONGEST_PASSWORD, needsRehash, passwordProblem, verifyPassword } from './password.ts'

/** Far below what a server uses, so that the tests are quick. */
const CHEAP = { memory: 64, passes: 1, parallelism: 1 }
const SALT = 'c29tZXNhbHQ'
/** A value of the reference implementation's own test: password "password", salt "somesalt". */
const REFERENCE = `$argon2id$v=19$m=256,t=2,p=1$${SALT}$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4`

describe('passwords', () => {
  it('verifies its own hash and nothing else', async () => {
    const stored = await hashPassword('correct horse', CHEAP)
    assert.match(stored, /^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    assert.equal(await verifyPassword('correct horse', stored), true)
    for (const wrong of ['correct hors', 'Correct horse', '', 'correct horse '])
      assert.equal(await verifyPassword(wrong, stored), false)
  })

  it('verifies a hash that another program made', async () => {
    assert.equal(await verifyPassword('password', REFERENCE), true)
    assert.equal(await verifyPassword('passwore', REFERENCE), false)
  })

  it('uses another salt each time', async () => {
    assert.notEqual(await hashPassword('same', CHEAP), await hashPassword('same', CHEAP))
  })

  it('takes the same characters in any composition', async () => {
    const stored = await hashPassword('contrase\u00f1a', CHEAP)
    assert.equal(await verifyPassword('contrasen\u0303a', stored), true)
  })

  it('is false, and no error, for no account, a damaged hash, or one that asks for too much', async () => {
    for (const stored of [
      undefined,
      '',
      'plain text',
      `$argon2id$v=19$m=64,t=1,p=1$${SALT}$AAAA`,
      `$argon2id$v=19$m=9999999,t=1,p=1$${SALT}$${'A'.repeat(43)}`,
      `$argon2id$v=19$m=64,t=999,p=1$${SALT}$${'A'.repeat(43)}`,
      `$argon2id$v=19$m=4,t=1,p=1$${SALT}$${'A'.repeat(43)}`,
      `$argon2i$v=19$m=64,t=1,p=1$${SALT}$${'A'.repeat(43)}`,
    ])
      assert.equal(await verifyPassword('password', stored), false, String(stored))
  })

  it('does not accept the stand-in for an account that does not exist', async () => {
    assert.equal(await verifyPassword('', undefined), false)
  })

  it('refuses passwords that are too short or too long', async () => {
    assert.match(passwordProblem('1234567')!, /at least 8/)
    assert.match(passwordProblem('😀😀😀😀')!, /at least 8/)
    assert.equal(passwordProblem('12345678'), undefined)
    assert.match(passwordProblem('x'.repeat(LONGEST_PASSWORD + 1))!, /at most/)
    assert.equal(await verifyPassword('x'.repeat(1_000_000), await hashPassword('x', CHEAP)), false)
  })

  it('knows when the cost has changed', async () => {
    const stored = await hashPassword('password', CHEAP)
    assert.equal(needsRehash(stored, CHEAP), false)
    assert.equal(needsRehash(stored), true)
    assert.equal(needsRehash('damaged', CHEAP), true)
  })
})
