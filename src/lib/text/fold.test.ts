import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { fold } from './fold.ts'

it('folds case and accents, whichever way they are written', () => {
  assert.equal(fold('CLÍNICA San Roqué'), 'clinica san roque')
  assert.equal(fold('Ñandú'), fold('n\u0303andu\u0301'))
  assert.equal(fold('İstanbul'), 'istanbul')
  assert.equal(fold('10.7.0.1 / POP-07'), '10.7.0.1 / pop-07')
})

it('finds what is folded twice where it was folded once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => fold(fold(text)) === fold(text)),
    { numRuns: 200 },
  )
})
