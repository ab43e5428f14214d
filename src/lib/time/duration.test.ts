import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { durationText, parseDuration } from './duration.ts'

it('reads durations', () => {
  const cases: [string, number | undefined][] = [
    ['500ms', 500],
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['0', 0],
    [' 5m ', 300_000],
    ['30', undefined],
    ['', undefined],
    ['5 m', undefined],
    ['-5m', undefined],
    ['5mins', undefined],
  ]
  for (const [text, ms] of cases) assert.equal(parseDuration(text), ms, text)
})

it('writes what it reads', () => {
  fc.assert(fc.property(fc.nat(1e9), (ms) => assert.equal(parseDuration(durationText(ms)), ms)))
  assert.equal(durationText(5_400_000), '1h30m')
})
