import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { missed } from '#core/alert/missed.ts'
import { because } from '#core/cause/cause.ts'
import { trouble } from '#core/trouble.ts'
import { inEnglish, inSpanish, plainFacts } from '#templates/said.ts'
import { causeSentences } from '#templates/texts/causes/index.ts'
import { troubleView } from '#templates/trouble-view.ts'
import { sayCause } from '../../web/src/components/say-cause.ts'

const spanish = new Map(Object.entries(causeSentences.es))
const full = because('store_disk_full', { path: 'vigia.db' })

/** As a program gets it. */
const sent = <Sent>(value: Sent): Sent => JSON.parse(JSON.stringify(value))

describe('what the server tells by code, on the page', () => {
  it('is said of a rule that did nothing, with every fact in its place', () => {
    const compared = because('field_compares', {
      field: 'confidence',
      value: '70',
      relation: because('not_greater_than'),
      expected: '80',
    })
    const state = because('state_down')
    for (const [one, english, words] of [
      [
        missed('conditions', { condition: compared }),
        'not matched: confidence is 70, not greater than 80',
        'no coincide: confidence: 70; no es mayor que 80',
      ],
      [
        missed('severity', { severity: 'MEDIUM', needed: 'HIGH' }),
        'not matched: severity MEDIUM is below HIGH',
        'no coincide: la severidad MEDIUM es menor que HIGH',
      ],
      [
        missed('flapping', { since: '2026-03-01T03:12:04.000Z', changes: 3, state }),
        /^recorded, and not told: it flaps since 2026-03-01T03:12:04.000Z \(3 changes until then; now it is down\)/,
        /desde 2026-03-01T03:12:04.000Z \(3 cambios hasta entonces; ahora: caído\)/,
      ],
    ] as const) {
      const shown = sayCause(spanish, one.code, sent(one.facts))!
      assert.equal(shown, inSpanish(one))
      if (typeof english === 'string') assert.deepEqual([inEnglish(one), shown], [english, words])
      else assert.deepEqual([english.test(inEnglish(one)), (words as RegExp).test(shown)], [true, true], shown)
    }
  })

  it('is said of the server itself, with what the store says', () => {
    const view = sent(troubleView(trouble('store_silent', { reason: full }, 'full')))
    assert.deepEqual(
      [view.code, view.facts],
      ['store_silent', { reason: inEnglish(full), fault: 'full' }],
      'what programs read before there were causes',
    )
    assert.equal(
      sayCause(spanish, view.cause_code, view.cause_facts),
      'la base de datos no responde: vigia.db no puede crecer: el disco está lleno. Libere espacio; nada de lo confirmado se pierde.',
    )
    assert.equal(troubleView(trouble('all_probes_late', { seconds: 6 })).code, 'probes_late')
    assert.equal(troubleView(trouble('probes_late', { seconds: 2 })).code, 'some_probes_late')
  })

  it('keeps words that somebody else said', () => {
    const one = trouble('store_silent', { reason: because('as_said', { words: 'it hangs' }) })
    assert.equal(sayCause(spanish, one.code, sent(one.facts)), 'la base de datos no responde: it hangs')
    assert.deepEqual(plainFacts(one.facts), { reason: 'it hangs' })
  })
})
