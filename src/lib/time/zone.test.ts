import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createLocalTime } from './local-time.ts'
import { isTimeZone } from './zone.ts'
import { zonedDays } from './zoned-days.ts'
import { wallClock, zonedTime } from './zoned-time.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const FAR = 15 * HOUR

/** The same questions answered with Intl alone: another source of the same zones, asked by trying what its clocks show. */
const formatters = new Map<string, Intl.DateTimeFormat>()
const shown = (at: number, timeZone: string): number => {
  const number = 'numeric' as const
  const fields = { year: number, month: number, day: number, hour: number, minute: number, second: number }
  const format = formatters.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...fields })
  formatters.set(timeZone, format)
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  return Date.UTC(parts.year!, parts.month! - 1, parts.day!, parts.hour!, parts.minute!, parts.second!)
}
const momentsShowing = (wall: number, zone: string): number[] => {
  const offsets = [wall - FAR, wall, wall + FAR].map((at) => shown(at, zone) - at)
  const moments = [...new Set(offsets.map((offset) => wall - offset))].filter((at) => shown(at, zone) === wall)
  return moments.sort((a, b) => a - b)
}
const expectedDays = (from: number, to: number, zone: string): number[] => {
  const wall = shown(from, zone)
  const days: number[] = []
  for (let date = wall - (wall % DAY); ; date += DAY) {
    const moments = [date - FAR, date + FAR].map((at) => date - (shown(at, zone) - at)).sort((a, b) => a - b)
    const begun = moments.find((at) => shown(at, zone) >= date && shown(at - 1000, zone) < date) ?? moments[0]!
    if (begun >= to) return days
    // A date that was left out begins with the day after it.
    if (begun !== days.at(-1)) days.push(begun)
  }
}
const expectedLocal = (zone: string) => {
  let last = Number.NEGATIVE_INFINITY
  return (wall: number): number => {
    const real = momentsShowing(wall, zone)
    last = real.find((at) => at + 60_000 > last) ?? real.at(-1) ?? wall - (shown(wall - DAY, zone) - (wall - DAY))
    return last
  }
}

/** Zones whose clocks do odd things, and a moment near which they do. */
const ODD = [
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Pacific/Kwajalein', '1993-08-21T12:00Z'],
  ['Pacific/Kiritimati', '1995-01-01T10:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['America/St_Johns', '2006-10-29T02:31Z'],
  ['America/Havana', '2026-11-01T05:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
  ['America/Argentina/San_Luis', '2008-01-21T02:00Z'],
  ['America/Caracas', '2016-05-01T07:00Z'],
  ['Africa/Cairo', '2026-04-23T22:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00Z'],
  ['Asia/Kathmandu', '1985-12-31T18:30Z'],
  ['Asia/Pyongyang', '2018-05-04T15:00Z'],
  ['Asia/Gaza', '2026-03-28T00:00Z'],
  ['Europe/Dublin', '2026-10-25T01:00Z'],
  ['Europe/Madrid', '2026-03-29T01:00Z'],
  ['Pacific/Chatham', '2026-09-26T14:00Z'],
  ['-03:30', '2026-01-01T00:00Z'],
] as const
const nearOddity = fc
  .tuple(fc.constantFrom(...ODD), fc.integer({ min: -3 * DAY, max: 3 * DAY }))
  .map(([[zone, at], away]) => ({ zone, at: Date.parse(at) + away - (away % 1000) }))
const anyTime = fc.record({
  zone: fc.constantFrom(...ODD.map(([zone]) => zone)),
  at: fc.integer({ min: 2_000_000, max: 4_000_000_000 }).map((seconds) => seconds * 1000),
})
const moment = fc.oneof(nearOddity, anyTime)
const written = (wall: number) => new Date(wall).toISOString().slice(0, 19)
const RUNS = { numRuns: 500 }

describe('the clocks of zones, beside what Intl shows', () => {
  it('show the same time', () => {
    fc.assert(
      fc.property(moment, fc.double({ min: 0, max: 999.5, noNaN: true }), ({ zone, at }, more) =>
        assert.equal(wallClock(at + more, zone), shown(at, zone)),
      ),
      RUNS,
    )
  })

  it('mean the same moment by a time on the wall, and skip and repeat the same', () => {
    fc.assert(
      fc.property(moment, ({ zone, at: wall }) => {
        const moments = momentsShowing(wall, zone)
        const expected = moments.length === 0 ? 'skipped' : moments.length > 1 ? 'twice' : moments[0]!
        assert.equal(zonedTime(written(wall), zone), expected)
      }),
      RUNS,
    )
  })

  it('begin their days at the same moments', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 12 * DAY }), ({ zone, at }, length) =>
        assert.deepEqual(zonedDays(at, at + length, zone), expectedDays(at, at + length, zone)),
      ),
      RUNS,
    )
  })

  it('date the lines of a log the same', () => {
    const steps = fc.array(fc.integer({ min: -40, max: 90 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(nearOddity, steps, ({ zone, at }, minutes) => {
        const [read, expected] = [createLocalTime(zone), expectedLocal(zone)]
        let wall = at - (at % 60_000)
        for (const step of minutes) {
          wall += step * 60_000
          assert.equal(read(written(wall)), expected(wall), `${written(wall)} in ${zone}`)
        }
      }),
      RUNS,
    )
  })
})

describe('names of zones', () => {
  it('leave out a date that never was', () => {
    const days = zonedDays(Date.parse('2011-12-29T00:00-10:00'), Date.parse('2012-01-02T00:00+14:00'), 'Pacific/Apia')
    assert.deepEqual(
      days.map((day) => new Date(wallClock(day, 'Pacific/Apia')).toISOString().slice(0, 10)),
      ['2011-12-29', '2011-12-31', '2012-01-01'],
    )
  })

  it('may be old, short, an offset, or written in any case', () => {
    for (const [name, same] of [
      ['PST', 'America/Los_Angeles'],
      ['JST', 'Asia/Tokyo'],
      ['Asia/Calcutta', 'Asia/Kolkata'],
      ['europe/madrid', 'Europe/Madrid'],
      ['+0530', 'Asia/Kolkata'],
      ['EST5EDT', 'America/New_York'],
    ] as const) {
      assert.ok(isTimeZone(name), name)
      const at = Date.UTC(2026, 6, 1)
      assert.equal(wallClock(at, name), wallClock(at, same), name)
      assert.equal(zonedTime('2026-07-01T08:00', name), zonedTime('2026-07-01T08:00', same), name)
      assert.deepEqual(zonedDays(at, at + DAY, name), zonedDays(at, at + DAY, same), name)
    }
    for (const name of ['', 'local', 'Europe/Nowhere', '2020-01-01T00:00[Europe/Madrid]', 'Z', '+25:00'])
      assert.equal(isTimeZone(name), false, name)
  })

  it("are there for this machine's clock too when it has none", () => {
    const zones = { '': '+00:00', ART3: '-03:00', ':/nowhere': '+00:00', 'America/Lima': 'America/Lima' }
    // In a process of its own: the variable is the whole process's.
    const program = `
      const { ownZone } = await import('${new URL('./zone.ts', import.meta.url)}')
      const ofZone = (TZ) => { process.env.TZ = TZ; return [TZ, ownZone()] }
      console.log(JSON.stringify(Object.fromEntries(${JSON.stringify(Object.keys(zones))}.map(ofZone))))`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    assert.deepEqual(JSON.parse(stdout), zones)
  })
})
