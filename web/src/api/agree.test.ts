import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sumsOf } from './agree.ts'

it('counts monitors as the summary of the server does', () => {
  const sums = sumsOf([
    { state: 'up', paused: false },
    { state: 'down', paused: false },
    { state: 'down', paused: false, cut_off_by: [1] },
    { state: 'down', paused: true, cut_off_by: [1] },
    { state: 'unknown', paused: false, cut_off_by: [1] },
  ])
  assert.deepEqual(sums, { up: 1, degraded: 0, down: 2, unknown: 1, paused: 1, cut_off: 1 })
})
