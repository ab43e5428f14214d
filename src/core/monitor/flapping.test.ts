import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { afterChange, calmAt, FLAP_POLICY, flapWeight, NOT_FLAPPING } from './flapping.ts'

const MINUTE = 60_000
const through = (times: readonly number[]) =>
  times.reduce((state, at) => afterChange(state, FLAP_POLICY, at), NOT_FLAPPING)

describe('flapping', () => {
  it('an outage and its recovery are none', () => {
    assert.equal(through([0, 2 * MINUTE]).since, null)
    assert.equal(through([0, 2 * MINUTE, 30 * MINUTE, 33 * MINUTE]).since, null)
  })

  it('begins with the second outage in quick succession, dated from the first', () => {
    const state = through([0, MINUTE, 2 * MINUTE])
    assert.equal(state.since, 0)
  })

  it('goes on while changes come and ends when they stop', () => {
    const times = Array.from({ length: 40 }, (_, index) => index * 1.5 * MINUTE)
    const last = times.at(-1)!
    const state = through(times)
    assert.equal(state.since, 0)
    const calm = calmAt(state, FLAP_POLICY, last)!
    assert.ok(calm > last + 8 * MINUTE && calm <= last + FLAP_POLICY.windowMs, `${(calm - last) / MINUTE} min`)
    assert.ok(flapWeight(state, FLAP_POLICY, calm) < FLAP_POLICY.end)
  })

  it('remembers a bounded number of changes', () => {
    assert.ok(through(Array.from({ length: 10_000 }, (_, index) => index)).changes.length <= 100)
  })
})
