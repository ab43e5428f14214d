import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { unwatchedFrom, unwatchedWithin, watchedAgain } from './unwatched.ts'

describe('time in which nobody looked', () => {
  const facts = { state: 'down', unwatched: [[10, 30], [50]] } as const

  it('is what of it lies within, an open stretch until then', () => {
    assert.equal(unwatchedWithin(facts, 0, 100), 70)
    assert.equal(unwatchedWithin(facts, 20, 60), 20)
    assert.equal(unwatchedWithin(facts, 0, null), 20)
    assert.equal(unwatchedWithin(facts, 60, 60), 0)
    assert.equal(unwatchedWithin({}, 0, 100), 0)
  })

  it('begins once and ends once, beside what else is known', () => {
    assert.deepEqual(unwatchedFrom({ state: 'down' }, 10), { state: 'down', unwatched: [[10]] })
    assert.equal(unwatchedFrom(facts, 60), undefined)
    const again = watchedAgain(facts, 60)!
    assert.equal(unwatchedWithin(again, 0, 100), 30)
    assert.equal(watchedAgain(again, 70), undefined)
    assert.equal(unwatchedWithin(watchedAgain(facts, 40)!, 0, 100), 20, 'the clock went back')
  })

  it('does not grow without end', () => {
    let grown: Parameters<typeof unwatchedFrom>[0] = {}
    for (let at = 0; at < 200; at++) grown = watchedAgain(unwatchedFrom(grown, at * 10)!, at * 10 + 5)!
    assert.equal((grown.unwatched as readonly unknown[]).length, 50)
    assert.equal(unwatchedWithin(grown, 1990, null), 5)
  })

  it('is not what others put in its place', () => {
    for (const unwatched of ['yes', [1], [['a']], [[]], [[1, 2, 3]], null])
      assert.equal(unwatchedWithin({ unwatched }, 0, 100), 0)
  })
})
