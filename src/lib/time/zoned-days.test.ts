import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { zonedDays } from './zoned-days.ts'

const HOUR = 3_600_000
const hoursOf = (days: readonly number[]) => days.slice(1).map((day, index) => (day - days[index]!) / HOUR)

describe('days by the clock of a zone', () => {
  for (const [zone, day, hours] of [
    ['UTC', '2026-03-28', [24, 24, 24]],
    ['Europe/Madrid', '2026-03-28', [24, 23, 24]],
    ['Europe/Madrid', '2026-10-24', [24, 25, 24]],
    ['America/New_York', '2026-03-07', [24, 23, 24]],
    ['America/Havana', '2026-10-31', [24, 25, 24]],
    // Clocks that are put forward at midnight.
    ['Africa/Cairo', '2026-04-23', [24, 23, 24]],
    ['America/Sao_Paulo', '2018-11-03', [24, 23, 24]],
    ['America/Sao_Paulo', '2018-02-16', [24, 25, 24]],
    ['Asia/Kolkata', '2026-03-28', [24, 24, 24]],
    // Half an hour.
    ['Australia/Lord_Howe', '2026-04-04', [24, 24.5, 24]],
    // The 30th was left out.
    ['Pacific/Apia', '2011-12-28', [24, 24]],
  ] as const)
    it(`${zone}, from ${day}`, () => {
      const noon = Date.parse(`${day}T12:00:00Z`)
      const days = zonedDays(noon, noon + 75 * HOUR, zone)
      assert.deepEqual(hoursOf(days).slice(0, hours.length), hours)
      assert.ok(days[0]! <= noon && days[1]! > noon)
    })
})
