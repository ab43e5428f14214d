import assert from 'node:assert/strict'
import { it } from 'node:test'
import { retryAfterMs, secondsToMs } from './retry-after.ts'

const now = Date.parse('2026-03-01T10:00:00Z')

it('reads seconds, fractions and dates, and bounds them to a day', () => {
  assert.equal(retryAfterMs('30', now), 30_000)
  assert.equal(retryAfterMs('0.65', now), 650)
  assert.equal(retryAfterMs('Sun, 01 Mar 2026 10:02:00 GMT', now), 120_000)
  assert.equal(retryAfterMs('Sun, 01 Mar 2026 09:00:00 GMT', now), 0)
  assert.equal(retryAfterMs('99999999', now), 86_400_000)
})

it('takes nothing from what it cannot read', () => {
  for (const header of [undefined, '', '-5', 'soon', 'Infinity', '1e9'])
    assert.equal(retryAfterMs(header, now), undefined)
  for (const seconds of [Number.NaN, '3', null]) assert.equal(secondsToMs(seconds), undefined)
  assert.equal(secondsToMs(1.5), 1500)
})
