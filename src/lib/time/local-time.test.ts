import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createLocalTime } from './local-time.ts'
import { isTimeZone } from './zone.ts'

const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString())

describe('local time', () => {
  it('reads a time of a zone', () => {
    const at = createLocalTime('America/Argentina/Cordoba')
    assert.equal(iso(at('2026-11-20 23:56:37,264')), '2026-11-21T02:56:37.264Z')
    assert.equal(iso(createLocalTime('Asia/Kathmandu')('2026-11-20 00:00:00')), '2026-11-19T18:15:00.000Z')
    assert.equal(iso(createLocalTime('UTC')('2026-11-20T10:00:00.5')), '2026-11-20T10:00:00.500Z')
  })

  it('tells the two hours of an autumn night apart by what came before', () => {
    const at = createLocalTime('Europe/Madrid')
    const read = ['01:59:00', '02:30:00', '02:59:59', '02:00:00', '02:30:00', '03:00:00'].map((time) =>
      iso(at(`2026-10-25 ${time}`))?.slice(11, 16),
    )
    assert.deepEqual(read, ['23:59', '00:30', '00:59', '01:00', '01:30', '02:00'])
  })

  it('reads a time that a spring night leaves out as if it had not', () => {
    assert.equal(iso(createLocalTime('Europe/Madrid')('2026-03-29 02:30:00')), '2026-03-29T01:30:00.000Z')
  })

  it('refuses what is no time', () => {
    const at = createLocalTime('UTC')
    for (const text of ['', 'x', '2026-04-31 00:00:00', '2026-13-01 00:00:00', '2026-01-01 24:00:00', '2026-01-01'])
      assert.equal(at(text), undefined)
    assert.equal(isTimeZone('Europe/Nowhere'), false)
    assert.equal(isTimeZone('Europe/Madrid'), true)
  })

  it('agrees with the zone it reads, at any time', () => {
    const zone = 'America/New_York'
    const written = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        const text = written.format(seconds * 1000)
        const read = createLocalTime(zone)(text)!
        assert.equal(written.format(read), text)
        assert.ok(read === seconds * 1000 || read === seconds * 1000 - 3_600_000)
      }),
      { numRuns: 200 },
    )
  })
})
