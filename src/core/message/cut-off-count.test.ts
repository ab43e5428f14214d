import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cutOffCount } from './cut-off-count.ts'

const of = (facts: { count: number; answering?: number; silent?: number }) =>
  cutOffCount({ names: [], down: [], ...facts })

describe('how many are cut off', () => {
  it('all that stand behind, while none of them answers', () => {
    assert.equal(of({ count: 28 }), 28)
    assert.equal(of({ count: 28, answering: 0, silent: 3 }), 28)
  })

  it('those that do not answer, as soon as one does', () => {
    assert.equal(of({ count: 23, answering: 23, silent: 0 }), 0)
    assert.equal(of({ count: 23, answering: 1, silent: 0 }), 0)
    assert.equal(of({ count: 23, answering: 11, silent: 5 }), 5)
    assert.equal(of({ count: 23, answering: 11 }), 12, 'an older version did not measure')
  })
})
