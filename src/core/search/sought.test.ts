import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { holdsAll, readSought } from './sought.ts'

const ZONE = 'America/Argentina/Cordoba'
const NOW = Date.parse('2026-11-30T12:00:00-03:00')
const at = (text: string) => Date.parse(`${text}-03:00`)

it('reads words without accents, and a day in whichever form it is named', () => {
  assert.deepEqual(readSought('  Clínica  SAVIO ', NOW, ZONE), { words: ['clinica', 'savio'] })
  const day = {
    words: ['crítica'.normalize('NFD').replace(/\p{M}/gu, '')],
    from: at('2026-11-29T00:00'),
    to: at('2026-11-30T00:00'),
  }
  for (const text of [
    'crítica 2026-11-29',
    '29/11/2026 crítica',
    'crítica 29/11',
    'CRÍTICA ayer',
    'critica yesterday',
    'critica 11/29',
  ])
    assert.deepEqual(readSought(text, NOW, ZONE), day, text)
  assert.equal(readSought('1/12', NOW, ZONE).from, at('2025-12-01T00:00'))
})

it('takes for a word what is no day', () => {
  assert.deepEqual(readSought('2026-04-31 10.7.0.1/24 toString', NOW, ZONE).words, [
    '2026-04-31',
    '10.7.0.1/24',
    'tostring',
  ])
})

it('bears whatever is typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const { words } = readSought(text, NOW, ZONE)
      assert.ok(holdsAll(words.join(' '), words))
    }),
    { numRuns: 200 },
  )
})
