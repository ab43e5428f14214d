import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Timers } from '../time/timers.ts'
import { createWaking } from './waking.ts'

/** Timers that ring when the test says so. */
const createBells = () => {
  const set = new Map<object, { readonly inMs: number; readonly ring: () => void }>()
  const timers = {
    after: (inMs: number, ring: () => void) => {
      const timer = {}
      set.set(timer, { inMs, ring })
      return timer
    },
    clear: (timer: object | undefined) => {
      if (timer) set.delete(timer)
    },
  } as unknown as Timers
  return {
    timers,
    waits: () => [...set.values()].map(({ inMs }) => inMs),
    ring: () => {
      for (const [timer, { ring }] of [...set]) {
        set.delete(timer)
        ring()
      }
    },
  }
}

describe('work in turns', () => {
  const prepare = (turn: () => Promise<number>) => {
    const bells = createBells()
    return {
      bells,
      waking: createWaking({ turn, now: () => 100, timers: bells.timers, againAfterMs: 1000, soonMs: 50 }),
    }
  }

  it('runs when it is called, and once more however often it is called meanwhile', async () => {
    let turns = 0
    const { bells, waking } = prepare(async () => {
      if (turns++ === 0) for (const _ of Array(5)) waking.wake()
      return 400
    })
    waking.wake()
    await waking.rest()
    assert.equal(turns, 2)
    assert.deepEqual(bells.waits(), [300])
    bells.ring()
    await waking.rest()
    assert.equal(turns, 3)
  })

  it('joins calls that can wait', async () => {
    let turns = 0
    const { bells, waking } = prepare(async () => ++turns + 1000)
    for (const _ of Array(5)) waking.wakeSoon()
    assert.equal(waking.isIdle(), false)
    assert.deepEqual(bells.waits(), [50])
    bells.ring()
    await waking.rest()
    assert.equal(turns, 1)
    assert.equal(waking.isIdle(), true)
  })

  it('is tried again after a turn that failed', async () => {
    const { bells, waking } = prepare(async () => {
      throw new Error('locked')
    })
    waking.wake()
    await waking.rest()
    assert.deepEqual(bells.waits(), [1000])
  })

  it('is not due by itself once it is stopped', async () => {
    const { bells, waking } = prepare(async () => 400)
    waking.wake()
    waking.stop()
    await waking.rest()
    assert.deepEqual(bells.waits(), [])
  })
})
