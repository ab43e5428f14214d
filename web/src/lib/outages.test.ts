import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Monitor } from '../api/types.ts'
import { outagesOf } from './outages.ts'

const monitor = (id: number, changes: Partial<Monitor> = {}): Monitor =>
  ({ id, name: `m${id}`, state: 'down', paused: false, severity: 'HIGH', since: null, ...changes }) as Monitor

const told = (monitors: readonly Monitor[], inMaintenance: readonly number[] = []) =>
  outagesOf(monitors, new Map(inMaintenance.map((id) => [id, { maintenance: {} as never }]))).map(
    ({ monitor: { id }, cutOff }) => [id, cutOff],
  )

describe('outages', () => {
  it('names what failed by itself, with the number of those that it cut off', () => {
    const all = [monitor(1), monitor(2), monitor(3, { cut_off_by: [2] }), monitor(4, { cut_off_by: [2, 1] })]
    assert.deepEqual(told(all), [
      [2, 2],
      [1, 1],
    ])
  })

  it('puts severity before size, and size before age', () => {
    const all = [
      monitor(1, { severity: 'LOW' }),
      monitor(2, { severity: 'CRITICAL', since: '2026-11-30T10:00:00Z' }),
      monitor(3, { severity: 'CRITICAL', since: '2026-11-30T11:00:00Z' }),
      monitor(4, { severity: 'HIGH' }),
      monitor(5, { severity: 'HIGH' }),
      monitor(6, { cut_off_by: [5] }),
      monitor(7, { state: 'degraded', severity: 'CRITICAL', degraded_severity: 'LOW' }),
      monitor(8, { state: 'degraded', severity: 'CRITICAL' }),
    ]
    assert.deepEqual(
      told(all).map(([id]) => id),
      [3, 2, 5, 4, 8, 1, 7],
    )
  })

  it('leaves out what is well, paused, or in maintenance', () => {
    const all = [
      monitor(1, { state: 'up' }),
      monitor(2, { paused: true }),
      monitor(3),
      monitor(4, { state: 'unknown' }),
    ]
    assert.deepEqual(told(all, [3]), [])
  })
})
