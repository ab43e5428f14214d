import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  advance,
  initialState,
  isSteady,
  type MonitorState,
  nextInterval,
  noteQuality,
  type Reading,
  readingOf,
  restoredState,
  type StatePolicy,
} from './state.ts'

const policy = (changes: Partial<StatePolicy> = {}): StatePolicy => ({
  failures: { count: 3, of: 3 },
  successes: { count: 2, of: 2 },
  intervalMs: 60_000,
  retryIntervalMs: 5_000,
  recoveryIntervalMs: 15_000,
  resetFailures: 'never',
  ...changes,
})

/** Feeds readings one second apart and returns the transitions as `from>to@at since`. */
const play = (readings: readonly Reading[], rules: StatePolicy, start: MonitorState = initialState(0)) => {
  let state = start
  const changes: string[] = []
  readings.forEach((reading, index) => {
    const step = advance(state, rules, reading, (index + 1) * 1000)
    state = step.state
    if (step.change)
      changes.push(`${step.change.from}>${step.change.to}@${index + 1} since ${step.change.since / 1000}`)
  })
  return { changes, state }
}

const run = (text: string): Reading[] =>
  [...text].map((letter) => ({ '+': 'ok', '-': 'failed', '~': 'degraded', '?': 'unknown' })[letter] as Reading)

describe('state machine', () => {
  it('dates a second outage from its own first failure, however soon it comes', () => {
    const rules = policy({ failures: { count: 4, of: 4 }, successes: { count: 1, of: 1 } })
    const readings: Reading[] = [
      'ok',
      'failed',
      'failed',
      'failed',
      'failed',
      'ok',
      'failed',
      'failed',
      'failed',
      'failed',
    ]
    assert.deepEqual(play(readings, rules).changes.slice(1), [
      'up>down@5 since 2',
      'down>up@6 since 6',
      'up>down@10 since 7',
    ])
  })

  it('goes down after failures in a row, dated from the first', () => {
    assert.deepEqual(play(run('++---'), policy()).changes, ['unknown>up@1 since 1', 'up>down@5 since 3'])
  })

  it('does not go down when a success interrupts the run', () => {
    assert.deepEqual(play(run('+--+--+'), policy()).changes, ['unknown>up@1 since 1'])
  })

  it('counts n of the last m when told so', () => {
    const rules = policy({ failures: { count: 3, of: 5 } })
    assert.deepEqual(play(run('+-+-+-'), rules).changes, ['unknown>up@1 since 1', 'up>down@6 since 2'])
  })

  it('recovers after successes in a row, dated from the first of them', () => {
    assert.deepEqual(play(run('+---+-++'), policy()).changes.slice(1), ['up>down@4 since 2', 'down>up@8 since 7'])
  })

  it('needs the successes anew: what came before the outage does not count', () => {
    const rules = policy({ failures: { count: 1, of: 1 }, successes: { count: 3, of: 5 } })
    assert.deepEqual(play(run('++++-+++'), rules).changes.slice(1), ['up>down@5 since 5', 'down>up@8 since 6'])
  })

  it('a fault of our own is unknown, never down, and forgets no outage', () => {
    const seen = play(run('+---???+-+---'), policy())
    assert.deepEqual(seen.changes.slice(1), ['up>down@4 since 2', 'down>unknown@7 since 2', 'unknown>down@13 since 2'])
  })

  it('a recovery seen after lost sight still needs its successes', () => {
    assert.deepEqual(play(run('---???+-++'), policy()).changes.slice(2), ['unknown>up@10 since 9'])
  })

  it('a new monitor that never answers goes down', () => {
    assert.deepEqual(play(run('---'), policy()).changes, ['unknown>down@3 since 1'])
  })

  it('slow answers degrade it and clear answers mend it', () => {
    assert.deepEqual(play(run('+~~~++'), policy()).changes.slice(1), ['up>degraded@4 since 2', 'degraded>up@6 since 5'])
  })

  it('goes from degraded to down and back to degraded', () => {
    assert.deepEqual(play(run('~~~---~~'), policy()).changes, [
      'unknown>up@1 since 1',
      'up>degraded@3 since 1',
      'degraded>down@6 since 4',
      'down>degraded@8 since 7',
    ])
  })

  it('takes the verdict of a window at once, dated by it, and never for what does not answer', () => {
    const up = play(run('+++'), policy()).state
    const poor = noteQuality(up, true, 2000)
    assert.deepEqual(play(run('+'), policy(), poor).changes, ['up>degraded@1 since 2'])
    assert.deepEqual(play(run('--+'), policy(), poor).changes, ['up>degraded@3 since 2'])
    const degraded = play(run('+++'), policy(), poor).state
    assert.equal(isSteady(degraded), false)
    assert.deepEqual(play(run('+'), policy(), noteQuality(degraded, false, 4000)).changes, ['degraded>up@1 since 4'])
    // A way of its own behind an outage: it is up until it is judged anew.
    assert.deepEqual(play(run('---++'), policy(), degraded).changes, ['degraded>down@3 since 1', 'down>up@5 since 4'])
    // Losing sight does not mend it.
    assert.deepEqual(play(run('???+'), policy(), degraded).changes.slice(1), ['unknown>degraded@4 since 2'])
  })

  it('looks sooner while the quality is in doubt', () => {
    const { state } = play(run('+++'), policy())
    assert.deepEqual([nextInterval(state, policy()), nextInterval(state, policy(), true)], [60_000, 5000])
  })

  it('clears the failures each hour where asked', () => {
    const rules = policy({ resetFailures: 'hourly' })
    let state = advance(initialState(0), rules, 'ok', 1).state
    for (const at of [3_599_000, 3_599_500]) state = advance(state, rules, 'failed', at).state
    const after = advance(state, rules, 'failed', 3_600_100)
    assert.equal(after.change, undefined)
    assert.equal(after.state.failedSince, 3_600_100)
  })

  it('a restored outage is not announced again and ends with its true beginning', () => {
    const seen = play(run('---++'), policy(), restoredState('down', 'down', -5000))
    assert.deepEqual(seen.changes, ['down>up@5 since 4'])
  })

  it('probes faster while a verdict is forming and while down, never slower than the interval', () => {
    const rules = policy()
    const up = play(run('+'), rules).state
    assert.equal(nextInterval(up, rules), 60_000)
    assert.equal(nextInterval(advance(up, rules, 'failed', 9000).state, rules), 5_000)
    assert.equal(nextInterval(play(run('+---'), rules).state, rules), 15_000)
    // The end of an outage is a verdict that forms, too.
    assert.equal(nextInterval(play(run('+---+'), rules).state, rules), 5_000)
    assert.equal(nextInterval(play(run('+---'), rules).state, { ...rules, intervalMs: 1000 }), 1000)
  })

  it('reads a result by its code and the thresholds', () => {
    const limits = { degraded: { latencyMs: 100 } }
    assert.equal(readingOf(limits, true, 'ok', 99), 'ok')
    assert.equal(readingOf(limits, true, 'ok', 100), 'degraded')
    assert.equal(readingOf(limits, false, 'refused', Number.NaN), 'failed')
    assert.equal(readingOf(limits, false, 'no_descriptors', Number.NaN), 'unknown')
  })

  it('changes alternate: no change repeats the state it leaves, and the state is always the last change', () => {
    const letters = fc.array(fc.constantFrom<Reading>('ok', 'failed', 'degraded', 'unknown'), { maxLength: 80 })
    const threshold = fc
      .integer({ min: 1, max: 5 })
      .chain((count) => fc.record({ count: fc.constant(count), of: fc.integer({ min: count, max: 8 }) }))
    fc.assert(
      fc.property(letters, threshold, threshold, (readings, failures, successes) => {
        const rules = policy({ failures, successes })
        let state = initialState(0)
        readings.forEach((reading, index) => {
          const step = advance(state, rules, reading, index + 1)
          if (step.change) {
            assert.notEqual(step.change.from, step.change.to)
            assert.equal(step.change.from, state.state)
            assert.equal(step.change.to, step.state.state)
          } else assert.equal(step.state.state, state.state)
          assert.ok(step.state.since <= index + 1)
          state = step.state
        })
      }),
    )
  })
})

describe('a steady monitor', () => {
  it('tells later readings the same whether good ones in between were looked at or left out', () => {
    const reading = fc.constantFrom<Reading>('ok', 'ok', 'ok', 'ok', 'failed', 'degraded', 'unknown')
    const rules = fc.record({
      failures: fc.constantFrom({ count: 1, of: 1 }, { count: 3, of: 3 }, { count: 2, of: 5 }),
      successes: fc.constantFrom({ count: 1, of: 1 }, { count: 3, of: 3 }, { count: 3, of: 4 }),
      resetFailures: fc.constantFrom<StatePolicy['resetFailures']>('never', 'hourly'),
    })
    let leftOut = 0
    fc.assert(
      fc.property(rules, fc.array(reading, { minLength: 40, maxLength: 120 }), (changes, readings) => {
        const wanted = policy(changes)
        let [looked, skipped] = [initialState(0), initialState(0)]
        // A quiet time in the middle, so that there is something to leave out.
        const all = [...readings, ...run('+'.repeat(40)), ...readings]
        for (const [index, next] of all.entries()) {
          const at = (index + 1) * 600_000
          const full = advance(looked, wanted, next, at)
          looked = full.state
          if (next === 'ok' && isSteady(skipped)) {
            leftOut++
            assert.equal(full.change, undefined)
            continue
          }
          const short = advance(skipped, wanted, next, at)
          skipped = short.state
          assert.deepEqual(short.change, full.change)
          assert.equal(nextInterval(skipped, wanted), nextInterval(looked, wanted))
        }
      }),
      { numRuns: 200 },
    )
    assert.ok(leftOut > 1000)
  })
})
