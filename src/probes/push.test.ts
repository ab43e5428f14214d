import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { inEnglish } from '#templates/said.ts'
import { judgePush, silentSince } from './push.ts'

const SECOND = 1000
const HOUR = 3_600_000
const job = { period: '20s', grace: '2s' }
const daily = { period: '30h', grace: '1h' }

describe('time in which nobody listened', () => {
  it('begins patience anew where a call may have come in it', () => {
    // Called at 0; away from 21 s to 45 s, in which the call of 40 s came to nobody.
    const away = [{ from: 21 * SECOND, to: 45 * SECOND }]
    assert.equal(silentSince(20 * SECOND, away, job), 45 * SECOND)
  })

  it('only does not count where no call was due', () => {
    const away = [
      { from: HOUR, to: HOUR + 20 * SECOND },
      { from: 5 * HOUR, to: 5 * HOUR + 40 * SECOND },
    ]
    assert.equal(silentSince(0, away, daily), 60 * SECOND)
  })

  it('counts from the call on, and says nothing of what was overdue before', () => {
    assert.equal(silentSince(50 * SECOND, [{ from: 10 * SECOND, to: 40 * SECOND }], job), 50 * SECOND)
    assert.equal(silentSince(0, [{ from: -10 * SECOND, to: 5 * SECOND }], job), 5 * SECOND)
    assert.equal(silentSince(0, [{ from: 22 * SECOND, to: 60 * SECOND }], job), 0)
  })

  it('hides no dead job for ever: one that is never called is overdue by patience, the absences, and one more patience', () => {
    const spans = fc.array(
      fc.record({ after: fc.integer({ min: 1, max: 400 }), long: fc.integer({ min: 1, max: 60 }) }),
      {
        maxLength: 3,
      },
    )
    fc.assert(
      fc.property(spans, (all) => {
        let at = 0
        const absences = all.map(({ after, long }) => {
          const from = at + after * SECOND
          at = from + long * SECOND
          return { from, to: at }
        })
        const since = silentSince(0, absences, job)
        assert.ok(since <= Math.max(0, ...absences.map(({ to }) => to)))
        const away = absences.reduce((sum, { from, to }) => sum + to - from, 0)
        assert.ok(since <= away + all.length * 22 * SECOND)
      }),
    )
  })
})

describe('what calls say', () => {
  const call = { at: 0, ok: true }
  const stateAt = (now: number, since: number, last = call) => {
    const { outcome, nextAt } = judgePush(last, since, now * SECOND, job)
    return [outcome?.ok ?? null, outcome?.error?.code ?? null, nextAt / SECOND]
  }

  it('is that all is well until the deadline, and that a call is missing from then on', () => {
    assert.deepEqual(stateAt(21, 0), [true, null, 22])
    assert.deepEqual(stateAt(22, 0), [false, 'push_missing', 42])
  })

  it('is nothing while only our own absence keeps the caller from being overdue', () => {
    assert.deepEqual(stateAt(21, 45 * SECOND), [true, null, 22])
    assert.deepEqual(stateAt(45, 45 * SECOND), [false, 'not_running', 67])
    const { outcome } = judgePush(call, 45 * SECOND, 67 * SECOND, job)
    assert.equal(inEnglish(outcome!.error!.cause), 'no call for 22s, expected every 20s')
  })

  it('is a failure that was reported, until it is overdue', () => {
    assert.deepEqual(stateAt(45, 45 * SECOND, { at: 0, ok: false }), [false, 'push_reported_down', 67])
  })
})
