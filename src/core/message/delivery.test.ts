import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { because } from '../cause/cause.ts'
import { afterAttempt, isUrgent, rateBudget } from './delivery.ts'

const transient = {
  ok: false,
  kind: 'transient',
  reason: 'timeout',
  cause: because('as_said', { words: 'no answer' }),
} as const
const policy = { baseMs: 1000, capMs: 60_000, giveUpAfterMs: 100_000 }
const still = () => 0

describe('after an attempt', () => {
  it('waits 1, 2, 4, 8 s and at most the cap', () => {
    const waits = [1, 2, 3, 4, 20].map((attempts) => {
      const after = afterAttempt(transient, attempts, 0, 0, policy, still)
      return after.status === 'retry' ? after.at : after.status
    })
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 60_000])
  })

  it('obeys the wait that the server asked for', () => {
    const after = afterAttempt({ ...transient, retryAfterMs: 30_000 }, 1, 0, 0, policy, still)
    assert.deepEqual(after, { status: 'retry', at: 30_000 })
  })

  it('gives up after the time that is set, and at once when the refusal is final', () => {
    assert.deepEqual(afterAttempt(transient, 9, 0, 99_000, policy, still), { status: 'failed' })
    assert.deepEqual(afterAttempt({ ...transient, kind: 'permanent' }, 1, 0, 0, policy), { status: 'failed' })
    assert.deepEqual(afterAttempt({ ok: true }, 1, 0, 0, policy), { status: 'delivered' })
  })
})

describe('rate limit', () => {
  it('frees a place when the oldest message leaves the window', () => {
    const limit = { count: 2, perMs: 1000 }
    assert.deepEqual(rateBudget(limit, [], 5000), { free: 2, freeAt: 5000 })
    assert.deepEqual(rateBudget(limit, [4500], 5000), { free: 1, freeAt: 5000 })
    assert.deepEqual(rateBudget(limit, [4900, 4500, 100], 5000), { free: 0, freeAt: 5500 })
    assert.deepEqual(rateBudget(limit, [4700, 4800, 4900], 5000), { free: 0, freeAt: 5800 })
  })

  it('lets the urgent pass', () => {
    assert.equal(isUrgent('CRITICAL', 'HIGH'), true)
    assert.equal(isUrgent('MEDIUM', 'HIGH'), false)
    assert.equal(isUrgent('CRITICAL', undefined), false)
  })
})
