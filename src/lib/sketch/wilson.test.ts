import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { wilsonBounds } from './wilson.ts'

describe('Wilson bounds', () => {
  it('agree with worked examples', () => {
    const { lower, upper } = wilsonBounds(10, 100, 1.96)
    assert.deepEqual([lower.toFixed(4), upper.toFixed(4)], ['0.0552', '0.1744'])
    assert.equal(wilsonBounds(0, 52, 1.645).upper.toFixed(3), '0.049')
  })

  it('know nothing of nothing', () => {
    assert.deepEqual(wilsonBounds(0, 0, 2), { lower: 0, upper: 1 })
  })

  it('hold the share between them and close in with more observations', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.nat(500),
        fc.double({ min: 0.1, max: 4, noNaN: true }),
        (of, some, z) => {
          const hits = some % (of + 1)
          const { lower, upper } = wilsonBounds(hits, of, z)
          assert.ok(lower >= 0 && upper <= 1 && lower <= hits / of + 1e-12 && upper >= hits / of - 1e-12)
          const more = wilsonBounds(hits * 4, of * 4, z)
          assert.ok(more.upper - more.lower < upper - lower)
        },
      ),
      { numRuns: 300 },
    )
  })
})
