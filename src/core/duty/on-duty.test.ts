import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { DUTY_DAYS, type DutyList, type DutyRota, type DutyShift, type DutyTakeover } from './duty.ts'
import { dutyGaps, dutySegments, onDutyAt } from './on-duty.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const ZONES = ['UTC', 'Europe/Madrid', 'America/Santiago', 'America/Mexico_City', 'Australia/Lord_Howe', 'Asia/Gaza']
const NAMES = ['ana', 'luis', 'bea', 'nadie']

const list = (shifts: readonly DutyShift[], changes: Partial<DutyList> = {}): DutyList => ({
  name: 'desk',
  match: {},
  shifts,
  holidays: [],
  fallback: ['mail'],
  ...changes,
})
/** `nadie` is named by lists and is no person. */
const rota = (takeovers: readonly DutyTakeover[] = []): DutyRota => ({
  people: ['ana', 'luis', 'bea'].map((name) => ({ name, channels: [name], aliases: [] })),
  lists: [],
  takeovers,
})
const names = (one: { readonly on: readonly { readonly person: string }[] }) => one.on.map(({ person }) => person)

const twoDigits = (value: number) => String(value).padStart(2, '0')
const clock = fc.integer({ min: 0, max: 1439 }).map((at) => `${twoDigits(Math.floor(at / 60))}:${twoDigits(at % 60)}`)
const date = fc
  .integer({ min: Date.UTC(2019, 0, 1) / DAY_MS, max: Date.UTC(2033, 0, 1) / DAY_MS })
  .map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10))
const moment = fc.integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2033, 0, 1) })
const shift: fc.Arbitrary<DutyShift> = fc.record(
  {
    from: clock,
    to: clock,
    people: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 }),
    days: fc.subarray([...DUTY_DAYS], { minLength: 1 }),
    turnsSince: date,
  },
  { requiredKeys: ['from', 'to', 'people'] },
)
const anyList = fc
  .record({ shifts: fc.array(shift, { maxLength: 5 }), holidays: fc.array(date, { maxLength: 20 }) })
  .map(({ shifts, holidays }) => list(shifts, { holidays: holidays.map((one) => ({ date: one })) }))
const takeover = (from: number): fc.Arbitrary<DutyTakeover> =>
  fc
    .record({
      id: fc.nat({ max: 50 }),
      person: fc.constantFrom(...NAMES),
      startsAt: fc.integer({ min: from - 2 * DAY_MS, max: from + 5 * DAY_MS }),
      length: fc.integer({ min: 1, max: 2 * DAY_MS }),
      list: fc.constantFrom('desk', 'crew'),
    })
    .map(({ length, ...one }) => ({ ...one, endsAt: one.startsAt + length, by: 'x' }))

describe('who is on duty', () => {
  it('is told for every moment of a time, once, and the same as for the moment alone', () => {
    fc.assert(
      fc.property(
        anyList,
        fc.constantFrom(...ZONES),
        moment.chain((from) => fc.tuple(fc.constant(from), fc.array(takeover(from), { maxLength: 4 }))),
        fc.integer({ min: 1, max: 6 * DAY_MS }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (one, zone, [from, takeovers], length, part) => {
          const all = dutySegments(one, rota(takeovers), from, from + length, zone)
          assert.equal(all[0]!.from, from)
          assert.equal(all.at(-1)!.to, from + length)
          for (const [index, segment] of all.entries()) {
            assert.ok(segment.from < segment.to)
            if (index > 0) assert.equal(all[index - 1]!.to, segment.from)
            assert.ok(!names(segment).includes('nadie'))
            assert.equal(new Set(names(segment)).size, segment.on.length)
          }
          const at = from + Math.floor(part * length)
          const there = all.find((segment) => segment.from <= at && at < segment.to)!
          assert.deepEqual(onDutyAt(one, rota(takeovers), at, zone), there.on)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('has no gap and no two at once where shifts follow one another round the clock, on nights of a change of clocks too', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(clock, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(...ZONES),
        moment,
        (times, zone, from) => {
          const edges = times.toSorted()
          const shifts = edges.map((begin, index) => ({
            from: begin,
            to: edges[(index + 1) % edges.length]!,
            people: [['ana', 'luis', 'bea'][index % 3]!],
          }))
          const year = dutySegments(list(shifts), rota(), from, from + 370 * DAY_MS, zone)
          for (const segment of year) assert.equal(segment.on.length, 1)
        },
      ),
      { numRuns: 12 },
    )
  })

  it('goes from one to the next each week, over the turn of a year of 52 or 53 weeks', () => {
    const people = ['ana', 'luis', 'bea']
    fc.assert(
      fc.property(date, fc.constantFrom(...ZONES), moment, (turnsSince, zone, from) => {
        const one = list([{ from: '00:00', to: '00:00', people, turnsSince }])
        const noon = (at: number) => onDutyAt(one, rota(), at, zone)[0]!.person
        const next = people[(people.indexOf(noon(from)) + 1) % 3]
        // An hour of summer time is no other day at noon.
        const day = Math.floor(from / DAY_MS) * DAY_MS + 12 * HOUR_MS
        assert.equal(noon(day + 7 * DAY_MS), people[(people.indexOf(noon(day)) + 1) % 3])
        assert.ok(next !== undefined)
      }),
      { numRuns: 100 },
    )
    const one = list([{ from: '08:00', to: '08:00', people, turnsSince: '2026-12-21' }])
    const at = (text: string) => onDutyAt(one, rota(), Date.parse(text), 'UTC')[0]!.person
    assert.deepEqual(
      ['2026-12-27T12:00Z', '2026-12-28T07:59Z', '2026-12-28T08:00Z', '2027-01-03T12:00Z', '2027-01-04T09:00Z'].map(at),
      ['ana', 'ana', 'luis', 'luis', 'bea'],
    )
    assert.equal(at('2026-12-20T12:00Z'), 'bea', 'the week before the first is the last one’s')
  })

  it('lasts over midnight, and belongs to the day on which it begins', () => {
    const one = list([{ days: ['sun'], from: '22:00', to: '06:00', people: ['ana'] }])
    // 29 March 2026: at 02:00 clocks in Madrid show 03:00, so that the night has seven hours.
    const [before, night, after] = dutySegments(
      one,
      rota(),
      Date.parse('2026-03-29T12:00Z') - 7 * DAY_MS,
      Date.parse('2026-03-29T12:00Z'),
      'Europe/Madrid',
    )
    assert.deepEqual([before!.on, names(night!), after!.on], [[], ['ana'], []])
    assert.equal(new Date(night!.from).toISOString(), '2026-03-22T21:00:00.000Z')
    const saturday = list([{ days: ['sat'], from: '22:00', to: '06:00', people: ['ana'] }])
    const short = dutySegments(
      saturday,
      rota(),
      Date.parse('2026-03-28T12:00Z'),
      Date.parse('2026-03-29T12:00Z'),
      'Europe/Madrid',
    )[1]!
    assert.equal((short.to - short.from) / HOUR_MS, 7)
  })

  it('is by the rota of holidays on a holiday, and nobody where there is none', () => {
    const week: DutyShift = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '20:00', people: ['ana'] }
    const feast: DutyShift = { days: ['holiday'], from: '10:00', to: '14:00', people: ['bea'] }
    const holidays = [{ date: '2026-12-25', name: 'Navidad' }]
    const at = (shifts: readonly DutyShift[]) =>
      onDutyAt(list(shifts, { holidays }), rota(), Date.parse('2026-12-25T12:00Z'), 'UTC')
    assert.deepEqual(at([week]), [])
    assert.deepEqual(at([week, feast]), [{ person: 'bea', why: 'holiday' }])
    assert.deepEqual(at([{ from: '00:00', to: '00:00', people: ['luis'] }]), [{ person: 'luis', why: 'holiday' }])
  })

  it('is who said "I am on", alone, until its end', () => {
    const one = list([{ from: '00:00', to: '00:00', people: ['ana'] }])
    const from = Date.parse('2026-12-01T00:00Z')
    const by = (id: number, person: string, begin: number, end: number): DutyTakeover => ({
      id,
      list: 'desk',
      person,
      startsAt: from + begin * HOUR_MS,
      endsAt: from + end * HOUR_MS,
      by: person,
    })
    const segments = dutySegments(one, rota([by(1, 'luis', 2, 8), by(2, 'bea', 4, 5)]), from, from + DAY_MS, 'UTC')
    assert.deepEqual(
      segments.map((segment) => [(segment.from - from) / HOUR_MS, ...names(segment)]),
      [
        [0, 'ana'],
        [2, 'luis'],
        [4, 'bea'],
        [5, 'luis'],
        [8, 'ana'],
      ],
    )
    assert.equal(segments[1]!.on[0]!.why, 'by_hand')
  })

  it('is nobody by a list without people, for as long as one looks', () => {
    const from = Date.parse('2026-12-01T00:00Z')
    const nobody = list([{ from: '00:00', to: '00:00', people: ['nadie'] }])
    assert.deepEqual(dutyGaps(nobody, rota(), from, from + 14 * DAY_MS, 'UTC'), [
      { from, to: from + 14 * DAY_MS, on: [] },
    ])
    assert.deepEqual(dutyGaps(list([]), rota(), from, from + DAY_MS, 'UTC'), [{ from, to: from + DAY_MS, on: [] }])
  })
})
