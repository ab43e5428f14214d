import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { uptimeOf } from './uptime.ts'

const up = (since: number) => ({ since, to: 'up' as const })
const down = (since: number) => ({ since, to: 'down' as const })

describe('uptime', () => {
  it('splits the time by state and shares only what is known', () => {
    assert.deepEqual(uptimeOf([up(20), down(60), up(80)], [], [], 0, 100), {
      upMs: 60,
      degradedMs: 0,
      downMs: 20,
      unknownMs: 20,
      maintenanceMs: 0,
      uptime: 0.75,
    })
  })

  it('leaves out gaps and planned work, each moment once', () => {
    const gaps = [{ from: 55, to: 70 }]
    const planned = [
      { from: 60, to: 75 },
      { from: 65, to: 80 },
    ]
    assert.deepEqual(uptimeOf([up(0), down(60), up(80)], gaps, planned, 0, 100), {
      upMs: 75,
      degradedMs: 0,
      downMs: 0,
      unknownMs: 5,
      maintenanceMs: 20,
      uptime: 1,
    })
  })

  it('knows nothing before the first verdict, and divides nothing by nothing', () => {
    assert.equal(uptimeOf([], [], [], 0, 100).uptime, null)
    assert.equal(uptimeOf([], [], [], 0, 100).unknownMs, 100)
  })
})
