import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSight } from './sight.ts'

const sightOf = (blindIf = 2) => createSight({ witnesses: [1, 2], blindIf, holdMs: 30_000 })

describe('sight', () => {
  it('believes a failure when a witness answered after it began', () => {
    const sight = sightOf()
    sight.result(1, true, 1000)
    sight.result(2, true, 1000)
    assert.equal(sight.judge(2000, 2500), 'wait')
    sight.result(2, true, 3000)
    assert.equal(sight.judge(2000, 3000), 'see')
  })

  it('is blind when all fail, and for a while after', () => {
    const sight = sightOf()
    assert.equal(sight.result(1, false, 1000), undefined)
    assert.equal(sight.result(2, false, 2000), 'began')
    assert.equal(sight.blindSince(), 1000)
    assert.equal(sight.judge(500, 2000), 'blind')
    assert.equal(sight.result(1, true, 60_000), 'returned')
    assert.equal(sight.judge(55_000, 61_000), 'blind')
    assert.equal(sight.judge(95_000, 96_000), 'wait')
    sight.result(1, true, 95_500)
    assert.equal(sight.judge(95_000, 96_000), 'see')
  })

  it('one of two is enough where the policy says so', () => {
    const sight = sightOf(1)
    assert.equal(sight.result(1, false, 1000), 'began')
    assert.equal(sight.result(2, true, 1500), undefined)
    assert.equal(sight.judge(1200, 1600), 'blind')
  })
})
