import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { NO_SPREAD, packSpread, unpackSpread } from './spread.ts'

const ms = fc.integer({ min: 100, max: 60_000_000 }).map((us) => us / 1000)

describe('a spread in one number', () => {
  it('gives back each figure within 2 %, and their order', () => {
    fc.assert(
      fc.property(fc.tuple(ms, ms, ms, ms), ms, (times, jitter) => {
        const [min, median, p95, max] = times.toSorted((a, b) => a - b) as [number, number, number, number]
        const given = { min, median, p95, max, jitter }
        const packed = packSpread(given)
        assert.ok(Number.isSafeInteger(packed) && packed !== NO_SPREAD)
        const back = unpackSpread(packed)!
        for (const key of ['min', 'median', 'p95', 'max', 'jitter'] as const)
          assert.ok(Math.abs(back[key] / given[key] - 1) < 0.0201, `${key} ${given[key]} ${back[key]}`)
        assert.ok(back.min <= back.median && back.median <= back.p95 && back.p95 <= back.max)
      }),
    )
  })

  it('tells a perfectly steady round from none', () => {
    const packed = packSpread({ min: 0, median: 0, p95: 0, max: 0, jitter: 0 })
    assert.deepEqual(unpackSpread(packed), { min: 0, median: 0, p95: 0, max: 0, jitter: 0 })
    assert.equal(unpackSpread(NO_SPREAD), null)
  })
})
