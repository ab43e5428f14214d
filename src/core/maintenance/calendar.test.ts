import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { calendarOf, daysFrom } from './calendar.ts'
import { neverEnds } from './recurrence.ts'

const HOUR = 3_600_000
const at = (text: string) => Date.parse(text)
const what = { name: 'work', matchers: [], behind: false, note: '', createdBy: 'eva' }
const hours = (zone: string, from: string) =>
  daysFrom(at(from), 3, zone).map(({ date, startsAt, endsAt }) => `${date} ${(endsAt - startsAt) / HOUR}`)

describe('the days of a calendar', () => {
  it('begin where the clocks of the zone say so, and have the hours that they have there', () => {
    assert.deepEqual(hours('Europe/Madrid', '2027-03-27T12:00Z'), ['2027-03-27 24', '2027-03-28 23', '2027-03-29 24'])
    assert.deepEqual(hours('Europe/Madrid', '2027-10-30T12:00Z'), ['2027-10-30 24', '2027-10-31 25', '2027-11-01 24'])
    assert.deepEqual(hours('America/Argentina/Cordoba', '2026-12-01T01:00Z')[0], '2026-11-30 24')
    // Midnight itself is skipped here.
    assert.deepEqual(hours('America/Asuncion', '2022-10-01T12:00Z')[1], '2022-10-02 23')
  })
})

describe('a calendar', () => {
  const span = { from: at('2026-12-01T00:00Z'), to: at('2026-12-31T00:00Z'), now: at('2026-12-01T10:00Z') }
  const plan = (cron: string, durationMs: number, plannedUntil = 0) => ({
    ...what,
    id: 7,
    when: { cron, timeZone: 'UTC', durationMs },
    plannedUntil,
  })

  it('shows what is written down and what will be, each once', () => {
    const until = at('2026-12-02T10:00Z')
    const written = {
      ...what,
      id: 1,
      planId: 7,
      startsAt: at('2026-12-02T02:00Z'),
      endsAt: at('2026-12-02T04:00Z'),
    }
    const { entries, cut } = calendarOf([written], [plan('0 2 * * *', 2 * HOUR, until)], span)
    assert.equal(entries.length, 29)
    assert.deepEqual([entries[0]!.windowId, entries[0]!.planId, entries[1]!.windowId], [1, 7, undefined])
    assert.equal(new Set(entries.map(({ startsAt }) => startsAt)).size, 29)
    assert.equal(cut, false)
  })

  it('leaves out what was taken back before it began', () => {
    const gone = { ...what, id: 1, startsAt: at('2026-12-05T00:00Z'), endsAt: at('2026-12-04T00:00Z') }
    assert.deepEqual(calendarOf([gone], [], span).entries, [])
  })

  it('says that it is cut where there are thousands', () => {
    const { entries, cut } = calendarOf([], [plan('* * * * *', 30_000)], span)
    assert.deepEqual([entries.length, cut], [400, true])
    const plans = Array.from({ length: 10 }, () => plan('0 * * * *', 60_000))
    assert.deepEqual(calendarOf([], plans, span).entries.length, 2000)
  })
})

describe('windows that come again', () => {
  const never = (cron: string, durationMs: number) =>
    neverEnds({ cron, timeZone: 'Europe/Madrid', durationMs }, at('2026-12-01T00:00Z'))

  it('never end where they begin again before', () => {
    assert.equal(never('0 2 * * *', 25 * HOUR), true)
    assert.equal(never('0 2 * * *', 24 * HOUR), true)
    assert.equal(never('0 2 * * *', 4 * HOUR), false)
    assert.equal(never('0 2 * * 2,3', 24 * HOUR), true)
    assert.equal(never('0 2 1 * *', 28 * 24 * HOUR), true, 'from the first of February to that of March')
    assert.equal(never('0 2 29 2 *', 31 * 24 * HOUR), false)
  })
})
