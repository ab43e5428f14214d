import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { NewEvent } from '#core/event/event.ts'
import { CORRELATION } from '#core/event/reserved-events.ts'
import { createCorrelation } from './correlation.ts'

const HOUR = 3_600_000
const MOST = 50

interface Step {
  readonly kind: string
  /** After the step before, ms; records of several sources are not in order. */
  readonly afterMs: number
  readonly refused: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof({ weight: 6, arbitrary: fc.constant('scan') }, fc.constantFrom('ban', 'beacon')),
  afterMs: fc.oneof({ weight: 6, arbitrary: fc.nat(HOUR / 40) }, fc.integer({ min: -HOUR, max: 2 * HOUR })),
  refused: fc.integer({ min: 0, max: 9 }).map((count) => count === 0),
})

const eventOf = (type: string, at: number): NewEvent => ({
  type,
  source: 'api',
  severity: 'HIGH',
  subject: '203.0.113.7',
  at,
  receivedAt: at,
  monitorId: null,
  data: {},
})

/** At which steps a story is told, each step looked at anew from all that came before it. */
const storiesOf = (steps: readonly Step[]): readonly number[] => {
  const told: number[] = []
  let [at, newest, silent] = [0, Number.NEGATIVE_INFINITY, true]
  let signals: { readonly kind: string; readonly at: number }[] = []
  steps.forEach(({ kind, afterMs, refused }, index) => {
    at += afterMs
    if (refused) return
    if (at - newest > HOUR) silent = true
    newest = Math.max(newest, at)
    const recent = signals.filter((one) => at - one.at <= HOUR)
    signals = [...(recent.length < signals.length ? recent : signals).slice(-MOST + 1), { kind, at }]
    if (!silent || new Set(signals.map((one) => one.kind)).size < 2) return
    silent = false
    told.push(index)
  })
  return told
}

describe('signals about one address', () => {
  it('become a story as soon as there are two kinds of them within an hour, once, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150, size: 'max' }), (steps) => {
        const correlation = createCorrelation()
        const told: number[] = []
        let at = 0
        steps.forEach(({ kind, afterMs, refused }, index) => {
          at += afterMs
          const { events, undo } = correlation.observe([eventOf(kind, at)])
          if (refused) undo()
          else if (events.some(({ type }) => type === CORRELATION)) told.push(index)
        })
        assert.deepEqual(told, storiesOf(steps))
      }),
      { numRuns: 300 },
    )
  })
})
