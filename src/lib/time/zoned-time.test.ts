import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { wallClock, zonedTime } from './zoned-time.ts'

describe('zonedTime', () => {
  it('reads local times by the clock of a zone', () => {
    assert.equal(zonedTime('2026-12-01T08:00', 'America/Argentina/Cordoba'), Date.UTC(2026, 11, 1, 11))
    assert.equal(zonedTime('2026-07-01 00:00:30', 'Europe/Madrid'), Date.UTC(2026, 5, 30, 22, 0, 30))
    assert.equal(zonedTime('2026-07-01', 'Asia/Kathmandu'), Date.UTC(2026, 5, 30, 18, 15))
  })

  it('takes an offset that stands there', () => {
    assert.equal(zonedTime('2026-12-01T08:00-03:00', 'Asia/Tokyo'), Date.UTC(2026, 11, 1, 11))
    assert.equal(zonedTime('2026-12-01T08:00Z', 'Asia/Tokyo'), Date.UTC(2026, 11, 1, 8))
  })

  it('says when the clocks skip or repeat the hour', () => {
    assert.equal(zonedTime('2026-03-29T02:30', 'Europe/Madrid'), 'skipped')
    assert.equal(zonedTime('2026-10-25T02:30', 'Europe/Madrid'), 'twice')
    assert.equal(zonedTime('2026-10-25T02:30', 'UTC'), Date.UTC(2026, 9, 25, 2, 30))
  })

  it('refuses what is no time', () => {
    for (const text of ['', 'tomorrow', '2026-13-01T00:00', '2026-02-30T00:00', '2026-01-01T25:00', '2026-1-1'])
      assert.equal(zonedTime(text, 'UTC'), 'not_a_time', text)
  })

  it('gives back the clock that it was given', () => {
    const zones = fc.constantFrom('Europe/Madrid', 'America/Sao_Paulo', 'Pacific/Apia', 'Australia/Lord_Howe', 'UTC')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), zones, (seconds, zone) => {
        const wall = wallClock(seconds * 1000, zone)
        const at = zonedTime(new Date(wall).toISOString().slice(0, 19), zone)
        if (typeof at === 'number') assert.equal(wallClock(at, zone), wall)
        else assert.equal(at, 'twice')
      }),
      { numRuns: 300 },
    )
  })
})
