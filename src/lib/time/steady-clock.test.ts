import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { absoluteMonotonic, createFollowingClock, createSteadyClock, type SteadyClock } from './steady-clock.ts'

const NOON = Date.UTC(2027, 0, 5, 12)
const SECOND = 1000
const HOUR = 3_600_000
const YEAR = 365 * 24 * HOUR

describe('a steady clock', () => {
  let time: { wall: number; monotonic: number; uptimeMs: number }
  let clock: SteadyClock
  const pass = (ms: number, asleep = 0) => {
    time.wall += ms + asleep
    time.monotonic += ms
    time.uptimeMs += ms + asleep
  }
  const start = () => {
    clock = createSteadyClock({
      wall: () => time.wall,
      monotonic: () => time.monotonic,
      uptimeMs: () => time.uptimeMs,
    })
  }
  /** What is heard in so many seconds, after the system's clock was set by so much. */
  const heard = (seconds: number, setBy = 0) => {
    time.wall += setBy
    return Array.from({ length: seconds }, () => {
      pass(SECOND)
      return clock.look()
    }).filter((news) => news !== undefined)
  }
  beforeEach(() => {
    time = { wall: NOON, monotonic: 5000, uptimeMs: 90_000 }
    start()
  })

  it('is the clock of the system, and follows its small corrections', () => {
    assert.deepEqual(heard(3), [])
    assert.deepEqual(heard(1, -400), [{ kind: 'followed' }])
    assert.equal(clock.now(), NOON + 4 * SECOND - 400)
  })

  for (const by of [HOUR, -HOUR, -24 * HOUR, YEAR]) {
    it(`goes on as before when the system's is set by ${by} ms and back within a minute`, () => {
      assert.deepEqual(heard(35, by), [{ kind: 'set', byMs: by }])
      assert.equal(clock.now(), NOON + 35 * SECOND)
      assert.deepEqual(heard(3, -by), [{ kind: 'returned' }])
      assert.equal(clock.now(), NOON + 38 * SECOND)
    })

    it(`takes over a step by ${by} ms that has stayed for a minute, when it is told to`, () => {
      const news = heard(61, by)
      assert.deepEqual(news, [
        { kind: 'set', byMs: by },
        { kind: 'believed', byMs: by },
      ])
      assert.equal(clock.now(), NOON + 61 * SECOND)
      clock.adopt(by)
      assert.equal(clock.now(), time.wall)
      assert.deepEqual(heard(70), [])
    })
  }

  it('does not believe a clock that stands before this software was written', () => {
    assert.deepEqual(heard(200, -NOON), [{ kind: 'set', byMs: -NOON }])
    assert.equal(clock.now(), NOON + 200 * SECOND)
  })

  it('follows a sleep of the machine at once: that time has passed', () => {
    pass(SECOND, 8 * HOUR)
    assert.deepEqual(clock.look(), { kind: 'followed' })
    assert.equal(clock.now(), NOON + 8 * HOUR + SECOND)
    // A step on waking is none the less a step.
    pass(SECOND, HOUR)
    time.wall += YEAR
    assert.deepEqual(clock.look(), { kind: 'followed' })
    assert.deepEqual(heard(1), [{ kind: 'set', byMs: YEAR }])
  })

  it('goes on from an earlier life where the machine still runs, whatever its clock was set to meanwhile', () => {
    const [at, uptimeMs] = [clock.now(), time.uptimeMs]
    pass(30 * SECOND)
    time.wall += HOUR
    start()
    clock.goOn(at, time.uptimeMs - uptimeMs)
    assert.equal(clock.now(), NOON + 30 * SECOND)
    assert.deepEqual(heard(1), [{ kind: 'set', byMs: HOUR }])
  })

  it('begins no earlier than the last sign of life, and finds the time when the clock is set right', () => {
    time.wall = 0
    start()
    clock.goOn(NOON, undefined)
    assert.equal(clock.now(), NOON)
    heard(100)
    assert.equal(clock.now(), NOON + 100 * SECOND)
    time.wall = NOON + 3 * HOUR
    assert.deepEqual(clock.look(), { kind: 'followed' })
    assert.equal(clock.now(), NOON + 3 * HOUR)
  })

  it('is the same in another thread', () => {
    clock = createSteadyClock({ uptimeMs: () => time.uptimeMs })
    const other = createFollowingClock(clock.offset())
    assert.ok(Math.abs(other.now() - clock.now()) <= 1)
    other.set(clock.offset() + HOUR)
    assert.ok(Math.abs(other.now() - clock.now() - HOUR) <= 1)
    assert.ok(absoluteMonotonic() > 0)
  })
})
