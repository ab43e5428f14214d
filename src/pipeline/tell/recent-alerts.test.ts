import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AttendedAlert } from '#core/alert/alert.ts'
import { createRecentAlerts } from './recent-alerts.ts'

const alertOf = (id: number, acknowledgedBy: string | null = null): AttendedAlert => ({
  id,
  status: 'firing',
  acknowledgedAt: acknowledgedBy === null ? null : 1,
  acknowledgedBy,
  acknowledgeNote: null,
  acknowledgeUntil: null,
})

describe('how alerts stood a moment ago', () => {
  it('is known for a second, and the newest word counts', () => {
    let now = 0
    const recent = createRecentAlerts({ monotonic: () => now })
    recent.note([alertOf(1), alertOf(2)])
    assert.deepEqual(recent.of(1), alertOf(1))
    now = 900
    recent.note([alertOf(1, 'ana')])
    assert.deepEqual(recent.of(1), alertOf(1, 'ana'))
    now = 999
    assert.deepEqual(recent.of(2), alertOf(2))
    now = 1000
    assert.equal(recent.of(2), undefined)
    assert.deepEqual(recent.of(1), alertOf(1, 'ana'))
    now = 1900
    recent.note([])
    assert.equal(recent.of(1), undefined)
  })

  it('says nothing of others, and of what is about no alert', () => {
    const recent = createRecentAlerts({ monotonic: () => 0 })
    recent.note([alertOf(1)])
    assert.equal(recent.of(7), undefined)
    assert.equal(recent.of(null), undefined)
  })
})
