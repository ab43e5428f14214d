import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ruleOfCron } from './cron-rule.ts'
import { icalOf } from './ical.ts'
import { icalStream, icalText } from './ical-lines.ts'

const HOUR = 3_600_000
const NOW = Date.parse('2026-12-01T12:00Z')
const said = {
  id: 3,
  name: 'fibre',
  note: '',
  matchers: [{ name: 'site', operator: '=' as const, value: 'POP-7' }],
  createdAt: NOW,
}
const calendar = (changes: Partial<Parameters<typeof icalOf>[0]>) =>
  icalOf({ title: 'Work', installation: 'here', windows: [], plans: [], now: NOW, ...changes })
    .replaceAll('\r\n ', '')
    .split('\r\n')
const plan = (cron: string, timeZone: string, durationMs = 4 * HOUR) => ({
  ...said,
  when: { cron, timeZone, durationMs },
})
const times = (lines: readonly string[]) =>
  lines.filter((line) => /^(DTSTART;|DURATION|RRULE|EXDATE|RECURRENCE)/.test(line))

describe('a time table as a rule', () => {
  it('is said where iCalendar can say it', () => {
    const rules: readonly (readonly [string, string | undefined])[] = [
      ['0 2 * * 2', 'FREQ=WEEKLY;BYDAY=TU'],
      ['0 2 * * MON-FRI', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'],
      ['0 2 * * 0,7', 'FREQ=WEEKLY;BYDAY=SU'],
      ['30 23 * * *', 'FREQ=DAILY'],
      ['0 2,14 * 1-3 *', 'FREQ=DAILY;BYMONTH=1,2,3;BYHOUR=2,14'],
      ['0 2 31 * *', 'FREQ=MONTHLY;BYMONTHDAY=31'],
      ['@weekly', 'FREQ=WEEKLY;BYDAY=SU'],
      ['0 */6 * * *', 'FREQ=DAILY;BYHOUR=0,6,12,18'],
      ['0 2 1 * 2', undefined],
      ['0 2 L * *', undefined],
      ['0 2 * * 2#1', undefined],
      ['*/5 * * * *', undefined],
      ['0 2 32 * *', undefined],
      ['nonsense', undefined],
    ]
    for (const [cron, rule] of rules) assert.equal(ruleOfCron(cron)?.rule, rule, cron)
  })
})

describe('the calendar for other programs', () => {
  it('tells a recurring window by a rule in its own zone, from its first one', () => {
    const lines = calendar({ plans: [plan('0 2 * * 2', 'America/Argentina/Cordoba')] })
    assert.deepEqual(times(lines), [
      'DTSTART;TZID=America/Argentina/Cordoba:20261208T020000',
      'DURATION:PT4H',
      'RRULE:FREQ=WEEKLY;BYDAY=TU',
    ])
    assert.ok(lines.includes('UID:maintenance-plan-3@here'))
    assert.ok(lines.includes('TZOFFSETTO:-0300'))
  })

  it('tells the clocks of a zone where they change', () => {
    const lines = calendar({ plans: [plan('0 4 * * *', 'Europe/Madrid')] })
    const at = lines.indexOf('DTSTART:20270328T020000')
    assert.deepEqual(lines.slice(at - 1, at + 4), [
      'BEGIN:DAYLIGHT',
      'DTSTART:20270328T020000',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0200',
      'END:DAYLIGHT',
    ])
    assert.ok(lines.includes('DTSTART:20271031T030000'))
  })

  it('tells one by one what a rule cannot say, and what a change of clocks moves', () => {
    const fortnight = calendar({ plans: [plan('0 2 1-7 * 2', 'UTC')] })
    assert.deepEqual(times(fortnight), [])
    assert.ok(fortnight.includes('UID:maintenance-plan-3-20261202T020000Z@here'))
    const skipped = calendar({ plans: [{ ...plan('30 2 * * 0', 'Europe/Madrid'), createdAt: NOW }] })
    assert.deepEqual(times(skipped), [])
    assert.ok(
      skipped.includes('DTSTART:20270328T010000Z'),
      'on that Sunday it begins when the clocks have gone forward',
    )
  })

  it('tells one by one also where a change of clocks that moves one is months away', () => {
    for (const cron of ['30 2 * * *', '0 2,14 * 1-3 *', '30 1,2 * * 6,0'])
      assert.deepEqual(times(calendar({ plans: [plan(cron, 'Europe/Madrid', HOUR)] })), [], cron)
    // Weekdays at two, and every day at three, are moved by none.
    for (const cron of ['0 2 * * 1-5', '0 3 * * *'])
      assert.equal(times(calendar({ plans: [plan(cron, 'Europe/Madrid', HOUR)] })).length, 3, cron)
  })

  it('leaves out an occurrence that was taken back, and shortens one that ended early', () => {
    const first = Date.parse('2026-12-08T02:00Z')
    const windows = [
      { ...said, id: 8, planId: 3, startsAt: first, endsAt: first - 1 },
      { ...said, id: 9, planId: 3, startsAt: first + 168 * HOUR, endsAt: first + 169 * HOUR },
    ]
    assert.deepEqual(times(calendar({ plans: [plan('0 2 * * 2', 'UTC')], windows })).slice(3), [
      'EXDATE;TZID=UTC:20261208T020000',
      'RECURRENCE-ID;TZID=UTC:20261215T020000',
      'DTSTART;TZID=UTC:20261215T020000',
      'DURATION:PT1H',
    ])
  })

  it('holds whatever people call things in lines of 75 octets, and breaks out of none', () => {
    const hostile = 'a,b;c\\d\nEND:VCALENDAR\r\nX-EVIL:1\u0007\u{1F525}'
    assert.equal(icalText(hostile), 'a\\,b\\;c\\\\d\\nEND:VCALENDAR\\nX-EVIL:1\u{1F525}')
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const stream = icalStream([`SUMMARY:${icalText(name)}`])
        const lines = stream.slice(0, -2).split('\r\n')
        for (const line of lines) assert.ok(Buffer.byteLength(line) <= 75 && line.isWellFormed())
        assert.ok(lines.slice(1).every((line) => line.startsWith(' ')))
        assert.ok(!/[\r\n]/.test(stream.slice(0, -2).replaceAll('\r\n ', '')))
      }),
      { numRuns: 200 },
    )
  })
})
