import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type WallMonitor, wallOf } from './wall.ts'

const one = (id: number, state: WallMonitor['state'], changes: Partial<WallMonitor> & { labels?: object } = {}) =>
  ({
    monitor: {
      id,
      name: `m${id}`,
      labels: changes.labels ?? { site: id % 2 === 0 ? 'north' : 'south' },
      severity: id === 1 ? 'CRITICAL' : 'HIGH',
      degradedSeverity: 'MEDIUM',
      paused: false,
      ...changes.monitor,
    },
    state,
    since: id,
    inMaintenance: false,
    ...(changes.inMaintenance && { inMaintenance: true }),
  }) as WallMonitor

describe('a wall', () => {
  it('shows what failed by itself, the most severe first, with how many it cuts off', () => {
    const monitors = [one(1, 'down'), one(2, 'down'), one(3, 'down'), one(4, 'degraded'), one(5, 'down'), one(6, 'up')]
    const { problems, counts, sites } = wallOf(
      monitors,
      new Map([
        [3, [1]],
        [5, [1]],
      ]),
      'site',
    )
    assert.deepEqual(
      problems.map(({ name, state, cutOff }) => [name, state, cutOff]),
      [
        ['m1', 'down', 2],
        ['m2', 'down', 0],
        ['m4', 'degraded', 0],
      ],
    )
    assert.deepEqual([counts.down, counts.cutOff, counts.degraded, counts.up], [2, 2, 1, 1])
    assert.deepEqual(
      sites.map(({ name, down, cutOff, degraded, total }) => [name, down, cutOff, degraded, total]),
      [
        ['north', 1, 0, 1, 3],
        ['south', 1, 2, 0, 3],
      ],
    )
  })

  it('takes planned work and pauses for no trouble, and has no sites where no monitor has the label', () => {
    const paused = one(2, 'down', { monitor: { paused: true } as never })
    const wall = wallOf([one(1, 'down', { inMaintenance: true }), paused], new Map(), 'zone')
    assert.deepEqual([wall.problems, wall.sites], [[], []])
    assert.deepEqual([wall.counts.maintenance, wall.counts.paused], [1, 1])
    assert.deepEqual(wallOf([one(1, 'up', { labels: {} })], new Map(), 'constructor').sites, [])
  })

  it('counts each monitor once', () => {
    const state = fc.constantFrom('up', 'down', 'degraded', 'unknown')
    const monitors = fc.array(fc.tuple(state, fc.boolean(), fc.boolean()), { maxLength: 40 })
    fc.assert(
      fc.property(monitors, fc.array(fc.nat({ max: 39 })), (all, cut) => {
        const shown = all.map(([at, paused, inMaintenance], id) =>
          one(id, at, { inMaintenance, monitor: { paused } as never }),
        )
        const { counts, problems, sites } = wallOf(shown, new Map(cut.map((id) => [id, [0]])), 'site')
        assert.equal(
          Object.values(counts).reduce((sum, count) => sum + count, 0),
          all.length,
        )
        assert.equal(problems.length, counts.down + counts.degraded)
        assert.equal(
          sites.reduce((sum, { total }) => sum + total, 0),
          all.length - counts.paused,
        )
      }),
      { numRuns: 100 },
    )
  })
})
