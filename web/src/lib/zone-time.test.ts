import assert from 'node:assert/strict'
import { it } from 'node:test'
import { zoneTime } from './zone-time.ts'

it('reads a time by the clock of a zone, on either side of a change of it', () => {
  const at = (typed: string, zone: string) => new Date(zoneTime(typed, zone)!).toISOString()
  assert.equal(at('2026-11-30T22:15', 'America/Argentina/Cordoba'), '2026-12-01T01:15:00.000Z')
  assert.equal(at('2026-03-29T01:30', 'Europe/Madrid'), '2026-03-29T00:30:00.000Z')
  assert.equal(at('2026-03-29T03:30', 'Europe/Madrid'), '2026-03-29T01:30:00.000Z')
  assert.equal(at('2026-10-25T03:30', 'Europe/Madrid'), '2026-10-25T02:30:00.000Z')
  assert.equal(zoneTime('', 'UTC'), undefined)
})
