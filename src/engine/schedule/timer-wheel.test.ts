import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { createTimerWheel } from './timer-wheel.ts'

/** A wheel on a mocked clock: `advance` moves time and lets due timers fire. */
const wheelOn = (onDue: (slot: number, due: number, now: number) => void) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 })
  const wheel = createTimerWheel({ monotonic: () => Date.now(), onDue: (slot, due) => onDue(slot, due, Date.now()) })
  return { wheel, advance: (ms: number) => mock.timers.tick(ms), done: () => mock.timers.reset() }
}

describe('timer wheel', () => {
  it('fires each slot once, never early and at most one tick late', () => {
    const fired: [number, number, number][] = []
    const { wheel, advance, done } = wheelOn((slot, due, now) => fired.push([slot, due, now]))
    const dues = Array.from({ length: 3000 }, (_, slot) => 5 + ((slot * 7919) % 120_000))
    for (const [slot, due] of dues.entries()) wheel.schedule(slot, due)
    for (let elapsed = 0; elapsed < 121_000; elapsed += 5) advance(5)
    done()
    assert.equal(fired.length, 3000)
    assert.equal(new Set(fired.map(([slot]) => slot)).size, 3000)
    for (const [slot, due, now] of fired) {
      assert.equal(due, dues[slot])
      assert.ok(now >= due && now <= due + 15, `slot ${slot} due ${due} fired at ${now}`)
    }
  })

  it('a slot scheduled again keeps only its last time, a cancelled one stays silent', () => {
    const fired: string[] = []
    const { wheel, advance, done } = wheelOn((slot, due) => fired.push(`${slot}@${due}`))
    wheel.schedule(1, 50)
    wheel.schedule(1, 80)
    wheel.schedule(2, 60)
    wheel.cancel(2)
    wheel.cancel(99)
    advance(200)
    done()
    assert.deepEqual(fired, ['1@80'])
  })

  it('lets what fires schedule itself and others', () => {
    const fired: number[] = []
    const { wheel, advance, done } = wheelOn((slot, due) => {
      fired.push(due)
      if (fired.length < 5) wheel.schedule(slot, due + 20)
    })
    wheel.schedule(3, 20)
    for (let i = 0; i < 30; i++) advance(10)
    done()
    assert.deepEqual(fired, [20, 40, 60, 80, 100])
  })

  it('after a long stop fires what is overdue once', () => {
    const fired: number[] = []
    let now = 0
    mock.timers.enable({ apis: ['setTimeout'] })
    const wheel = createTimerWheel({ monotonic: () => now, onDue: (slot) => fired.push(slot) })
    for (let slot = 0; slot < 10; slot++) wheel.schedule(slot, 1000 + slot * 100)
    now = 3_600_000
    mock.timers.tick(3_600_000)
    mock.timers.reset()
    assert.deepEqual(
      fired.toSorted((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    )
  })

  it('stops for good when closed', () => {
    const { wheel, advance, done } = wheelOn(() => assert.fail('fired after close'))
    wheel.schedule(1, 10)
    wheel.close()
    wheel.schedule(2, 20)
    advance(100)
    done()
  })
})
