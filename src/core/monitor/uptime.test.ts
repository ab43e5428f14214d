import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { STATES } from './monitor.ts'
import { type Span, uptimeOf } from './uptime.ts'

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

  it('says of any stretch what looking at each of its moments says, and parts of it add up', () => {
    const moment = fc.nat(100)
    const spans = fc.array(
      fc.tuple(moment, moment).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
      { maxLength: 4 },
    )
    const transitions = fc
      .array(fc.record({ since: moment, to: fc.constantFrom(...STATES) }), { maxLength: 8 })
      .map((list) => list.toSorted((a, b) => a.since - b.since))
    fc.assert(
      fc.property(transitions, spans, spans, moment, moment, moment, (changes, gaps, planned, ...borders) => {
        const [from, middle, to] = borders.toSorted((a, b) => a - b) as [number, number, number]
        const within = (at: number) => (span: Span) => span.from <= at && at < span.to
        const expected = { up: 0, degraded: 0, down: 0, unknown: 0, maintenance: 0 }
        for (let at = from; at < to; at++) {
          const state = changes.findLast(({ since }) => since <= at)?.to ?? 'unknown'
          expected[planned.some(within(at)) ? 'maintenance' : gaps.some(within(at)) ? 'unknown' : state]++
        }
        const of = (start: number, end: number) => {
          const { upMs, degradedMs, downMs, unknownMs, maintenanceMs } = uptimeOf(changes, gaps, planned, start, end)
          return { up: upMs, degraded: degradedMs, down: downMs, unknown: unknownMs, maintenance: maintenanceMs }
        }
        assert.deepEqual(of(from, to), expected)
        const [before, after] = [of(from, middle), of(middle, to)]
        for (const [state, ms] of Object.entries(of(from, to)) as [keyof typeof before, number][])
          assert.equal(before[state] + after[state], ms)
      }),
      { numRuns: 300 },
    )
  })
})
