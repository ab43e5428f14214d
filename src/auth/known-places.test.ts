import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { placeOf, withPlace } from './known-places.ts'

describe('places that an account knows', () => {
  it('are kept as hashes, the latest first, and not without end', () => {
    const account = { password: 'hash of a password' }
    const office = placeOf(account, '192.0.2.1')
    assert.match(office, /^[\w-]{22}$/)
    assert.equal(placeOf(account, '::ffff:192.0.2.1'), office)
    assert.equal(placeOf(account, '2001:db8::1'), placeOf(account, '2001:db8::2'), 'a /64 is one place')
    assert.notEqual(placeOf({ password: 'another' }, '192.0.2.1'), office, 'a new password forgets them')
    assert.deepEqual(withPlace(['a', office, 'b'], office), [office, 'a', 'b'])
    const many = Array.from({ length: 30 }, (_, n) => String(n))
    assert.deepEqual(withPlace(many, 'x'), ['x', ...many.slice(0, 19)])
  })
})
