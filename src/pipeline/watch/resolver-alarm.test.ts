import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import type { NewEvent } from '#core/event/event.ts'
import { createResolverAlarm, type ToldSilence } from './resolver-alarm.ts'

const HOW = because('does_not_answer')
const START = 1_800_000_000_000

const world = (told?: ToldSilence) => {
  const events: NewEvent[] = []
  let ms = 0
  const alarm = createResolverAlarm({
    now: () => START + ms,
    monotonic: () => ms,
    told,
    onEvent: (event) => void events.push(event),
  })
  const silence = (ageMs: number) => ({
    servers: ['10.0.0.53', '10.0.0.54'],
    how: HOW,
    cause: because('resolver_fails', { resolver: '10.0.0.53, 10.0.0.54', how: HOW }),
    ageMs,
    byLastKnown: 300,
    notLookedAt: 1,
  })
  return {
    events,
    /** Each second for so long. */
    silentFor: (seconds: number) => {
      for (let second = 0; second < seconds; second++) {
        ms += 1000
        alarm.note(silence((second + 1) * 1000))
      }
    },
    answersFor: (seconds: number) => {
      for (let second = 0; second < seconds; second++) {
        ms += 1000
        alarm.note(undefined)
      }
    },
  }
}

const told = (events: readonly NewEvent[]) => events.map(({ data, subject }) => [data.status, subject])

describe('the alarm of a silent resolver', () => {
  it('tells once, with since when and what it means, and tells the end', () => {
    const { events, silentFor, answersFor } = world()
    silentFor(60)
    assert.equal(events.length, 1)
    const [event] = events
    assert.deepEqual([event!.type, event!.subject, event!.severity], ['vigia_resolver', '10.0.0.53, 10.0.0.54', 'HIGH'])
    assert.deepEqual(event!.data, {
      status: 'firing',
      since: START,
      how: 'does not answer',
      by_last_known: 300,
      not_looked_at: 1,
      cause:
        'the resolver 10.0.0.53, 10.0.0.54 does not answer; looked at by their last known address: 300 monitors, not looked at: 1 monitor',
      cause_code: 'names_fail',
      cause_facts: {
        cause: { code: 'resolver_fails', facts: { resolver: '10.0.0.53, 10.0.0.54', how: HOW } },
        by_last_known: { code: 'monitors', facts: { count: 300 } },
        not_looked_at: { code: 'one_monitor', facts: {} },
      },
    })
    answersFor(60)
    assert.deepEqual(told(events), [
      ['firing', '10.0.0.53, 10.0.0.54'],
      ['resolved', '10.0.0.53, 10.0.0.54'],
    ])
  })

  it('says nothing of a moment, neither of silence nor of an answer', () => {
    const { events, silentFor, answersFor } = world()
    silentFor(14)
    answersFor(5)
    assert.deepEqual(events, [])
    silentFor(20)
    answersFor(5)
    silentFor(20)
    assert.equal(events.length, 1)
  })

  it('goes on after a restart: what was told is not told again, its end is', () => {
    const { events, silentFor, answersFor } = world({ subject: '10.0.0.9', since: START - 3_600_000 })
    silentFor(60)
    assert.equal(events.length, 0)
    answersFor(30)
    assert.deepEqual(told(events), [['resolved', '10.0.0.9']])
    assert.equal(events[0]!.data.since, START - 3_600_000)
  })
})
