import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLateness } from './lateness.ts'

describe('lateness', () => {
  it('tells quantiles within 3 %, and forgets', () => {
    let now = 0
    const lateness = createLateness(() => now)
    for (let ms = 1; ms <= 1000; ms++) lateness.add(ms)
    const { started, p50, p99, max } = lateness.figures()
    assert.equal(started, 1000)
    assert.ok(Math.abs(p50 / 500 - 1) < 0.03 && Math.abs(p99 / 990 - 1) < 0.03, `${p50} ${p99}`)
    assert.equal(max, 1000)
    now = 59_999
    assert.equal(lateness.figures().max, 1000)
    now = 60_000
    assert.deepEqual(lateness.figures(), { started: 1000, p50: 0, p99: 0, max: 0 })
    lateness.add(7)
    assert.equal(lateness.figures().max, 7)
    now = 1e7
    assert.equal(lateness.figures().max, 0)
  })

  it('takes what is early, absurd, or no time at all', () => {
    const lateness = createLateness(() => 0)
    for (const ms of [-5, 0, 1e12, Number.NaN]) lateness.add(ms)
    assert.equal(lateness.figures().started, 4)
  })
})
