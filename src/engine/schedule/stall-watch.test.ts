import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { createStallWatch, type StallWatch } from './stall-watch.ts'

let monotonic = 0
let wall = 1e12
let uptimeMs = 5000
let watch: StallWatch

/** Time passes: for the process, for the machine's clock, and for the machine itself. */
const pass = (ms: number, { asleep = 0, set = 0 } = {}) => {
  monotonic += ms
  wall += ms + asleep + set
  uptimeMs += ms + asleep
}

beforeEach(() => {
  const clock = { now: () => wall, monotonic: () => monotonic }
  // Whole seconds, as the system tells it.
  watch = createStallWatch({ clock, everyMs: 1000, uptimeMs: () => Math.floor(uptimeMs / 1000) * 1000 })
})

describe('a stall', () => {
  it('is none while beats come in time', () => {
    for (let beat = 0; beat < 100; beat++) {
      pass(beat % 2 ? 900 : 1300)
      watch.beat()
      assert.equal(watch.during(0), 0)
    }
    assert.deepEqual(watch.figures(), { count: 0, totalMs: 0 })
  })

  it('concerns the looks that were under way, seen before the next beat and after it', () => {
    const began = monotonic
    pass(4000)
    assert.equal(watch.during(began), 3000)
    watch.beat()
    assert.equal(watch.during(began), 3000)
    assert.equal(watch.during(monotonic), 0, 'one that begins after it')
    assert.deepEqual(watch.figures(), { count: 1, totalMs: 3000 })
  })

  it('is a sleep of the machine too, which the monotonic clock leaves out', () => {
    const began = monotonic
    pass(500, { asleep: 3_600_000 })
    assert.ok(Math.abs(watch.during(began) - 3_600_000) < 2000)
    watch.beat()
    pass(1000)
    watch.beat()
    assert.ok(watch.during(monotonic) > 3_500_000, 'the network needs a while as well')
    for (let beat = 0; beat < 10; beat++) {
      pass(1000)
      watch.beat()
    }
    assert.equal(watch.during(monotonic), 0)
    assert.equal(watch.figures().count, 1)
  })

  for (const set of [3_600_000, -3_600_000])
    it(`is not seen in a clock that is set by ${set / 60_000} min`, () => {
      const began = monotonic
      pass(500, { set })
      assert.equal(watch.during(began), 0)
      pass(500)
      watch.beat()
      assert.equal(watch.during(began), 0)
    })
})
