import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSignInThrottle, type SignInThrottle } from './sign-in-throttle.ts'

const OPTIONS = {
  accountFailures: 3,
  addressFailures: 6,
  firstLockMs: 1000,
  longestLockMs: 8000,
  forgetAfterMs: 60_000,
  most: 100,
}
const FROM = '203.0.113.7'

/** How long it is refused, 0 when it was allowed (and failed). */
const fail = (throttle: SignInThrottle, account: string, address: string, now: number): number => {
  const attempt = throttle.attempt(account, address, now)
  return attempt.allowed ? 0 : attempt.retryAfterMs
}

const succeed = (throttle: SignInThrottle, account: string, address: string, now: number) => {
  const attempt = throttle.attempt(account, address, now)
  assert.ok(attempt.allowed)
  attempt.succeeded()
}

describe('sign-in throttle', () => {
  it('locks an account after some failures, twice as long each time, up to a limit', () => {
    const throttle = createSignInThrottle(OPTIONS)
    for (const at of [0, 1, 2]) assert.equal(fail(throttle, 'ana', `10.0.0.${at}`, 0), 0)
    const locks: number[] = []
    let now = 0
    for (let turn = 0; turn < 6; turn++) {
      const lock = fail(throttle, 'ana', `10.1.0.${turn}`, now)
      locks.push(lock)
      now += lock
      assert.equal(fail(throttle, 'ana', `10.2.0.${turn}`, now), 0, 'the lock is over at its end')
    }
    assert.deepEqual(locks, [1000, 2000, 4000, 8000, 8000, 8000])
  })

  it('lets an address in that an account knows while others have it locked, with as many failures of its own', () => {
    const throttle = createSignInThrottle(OPTIONS)
    for (const at of [0, 1, 2]) fail(throttle, 'ana', `10.0.0.${at}`, 0)
    const refused = throttle.attempt('ana', FROM, 0)
    assert.deepEqual(refused, { allowed: false, retryAfterMs: 1000, accountOnly: true })
    const known = () => throttle.attemptFromKnown('ana', FROM, 0)
    const attempt = known()
    assert.ok(attempt.allowed)
    attempt.succeeded()
    assert.equal(fail(throttle, 'ana', '10.0.0.9', 0), 1000, 'a success there opens it to nobody else')
    for (const _ of [0, 1, 2]) assert.equal(known().allowed, true)
    assert.deepEqual(known(), { allowed: false, retryAfterMs: 1000, accountOnly: true })
    for (const name of ['a', 'b', 'c']) fail(throttle, name, FROM, 0)
    const locked = throttle.attempt('d', FROM, 0)
    assert.ok(!locked.allowed && !locked.accountOnly, 'an address that tries many accounts stays locked')
  })

  it('locks an address that tries many accounts', () => {
    const throttle = createSignInThrottle(OPTIONS)
    for (let index = 0; index < 6; index++) assert.equal(fail(throttle, `user${index}`, FROM, 0), 0)
    assert.equal(fail(throttle, 'another', FROM, 0), 1000)
    assert.equal(fail(throttle, 'another', '203.0.113.8', 0), 0)
  })

  it('takes a /64 of IPv6, and an IPv4 address in either form, for one address', () => {
    const throttle = createSignInThrottle(OPTIONS)
    for (let index = 0; index < 6; index++) fail(throttle, `user${index}`, `2001:db8::${index + 1}`, 0)
    assert.equal(fail(throttle, 'x', '2001:db8::ffff:1', 0), 1000)
    assert.equal(fail(throttle, 'x', '2001:db8:0:1::1', 0), 0)
    for (let index = 0; index < 6; index++) fail(throttle, `other${index}`, index % 2 ? FROM : `::ffff:${FROM}`, 0)
    assert.equal(fail(throttle, 'y', FROM, 0), 1000)
  })

  it('a success clears the account and is no failure of the address', () => {
    const throttle = createSignInThrottle(OPTIONS)
    for (let turn = 0; turn < 20; turn++) {
      fail(throttle, 'ana', `10.0.0.${turn}`, turn)
      succeed(throttle, 'ana', FROM, turn)
    }
    assert.equal(fail(throttle, 'ana', FROM, 20), 0)
  })

  it('a success beside each guess does not open the way for guessing', () => {
    const throttle = createSignInThrottle(OPTIONS)
    let guesses = 0
    for (let turn = 0; turn < 50; turn++) {
      const own = throttle.attempt('mallory', FROM, turn)
      if (fail(throttle, `victim${turn}`, FROM, turn) === 0) guesses++
      if (own.allowed) own.succeeded()
    }
    assert.ok(guesses <= OPTIONS.addressFailures, `${guesses} guesses`)
  })

  it('counts attempts from their beginning, so that many at once do not pass', () => {
    const throttle = createSignInThrottle(OPTIONS)
    const attempts = Array.from({ length: 50 }, (_, index) => throttle.attempt('ana', `10.0.0.${index}`, 0))
    assert.equal(attempts.filter(({ allowed }) => allowed).length, 3)
  })

  it('knows an account by any spelling of its name', () => {
    const throttle = createSignInThrottle(OPTIONS)
    for (const name of ['Ana', 'ANA', 'ana']) fail(throttle, name, FROM, 0)
    assert.equal(fail(throttle, 'aNa', '10.0.0.1', 0), 1000)
  })

  it('forgets after a while', () => {
    const throttle = createSignInThrottle(OPTIONS)
    for (let turn = 0; turn < 5; turn++) fail(throttle, 'ana', `10.0.0.${turn}`, turn * 10_000)
    assert.equal(fail(throttle, 'ana', FROM, 200_000), 0)
    assert.equal(fail(throttle, 'ana', FROM, 200_000), 0)
  })

  it('stays bounded, and a flood of names does not open a locked account', () => {
    const throttle = createSignInThrottle({ ...OPTIONS, longestLockMs: 3_600_000, firstLockMs: 600_000 })
    for (let turn = 0; turn < 3; turn++) fail(throttle, 'ana', `10.0.0.${turn}`, 0)
    for (let index = 0; index < 5000; index++) fail(throttle, `name${index}`, `10.1.${index >> 8}.${index & 255}`, 1)
    assert.ok(fail(throttle, 'ana', '10.9.9.9', 2) > 0)
    assert.equal(fail(throttle, 'x'.repeat(1_000_000), 'not an address', 3), 0)
  })
})
