import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import i18next from 'i18next'
import { type Missed, type MissedCode, missedText } from '#core/alert/missed.ts'
import { type Trouble, type TroubleCode, troubleText } from '#core/trouble.ts'
import * as shown from '../../web/src/i18n/server-sentences.ts'
import { words } from '../../web/src/i18n/texts/words.ts'

/** One of each code: the compiler asks for all of them. */
const MISSED: { readonly [Code in MissedCode]: Extract<Missed, { readonly code: Code }>['facts'] } = {
  rule_disabled: {},
  rule_newer: {},
  no_episode: {},
  conditions: { condition: 'confidence is 70, not greater than 80' },
  severity: { severity: 'MEDIUM', needed: 'HIGH' },
  rule_changed: {},
  nothing_to_end: {},
  no_own_channel: {},
  flapping: { since: '2026-03-01T03:12:04.000Z', changes: 3, state: 'down' },
  unknown_state: {},
  no_change: {},
}
const REASON = { reason: 'vigia.db cannot grow: the disk is full.' }
const TROUBLES: { readonly [Code in TroubleCode]: Extract<Trouble, { readonly code: Code }>['facts'] } = {
  store_refuses: { ...REASON, fault: 'full' },
  store_silent: { ...REASON, fault: 'unreachable' },
  store_away: REASON,
  results_unkept: REASON,
  engine_silent: { seconds: 12 },
  cut_off: { reason: 'no network interface of this machine has a link (eth0)' },
  probes_late: { seconds: 6 },
  some_probes_late: { seconds: '1.5' },
  notifications_wait: { minutes: 11 },
}
const missed = Object.entries(MISSED).map(([code, facts]) => ({ code, facts }) as Missed)
const troubles = Object.entries(TROUBLES).map(([code, facts]) => ({ code, facts }) as Trouble)

describe('what the server tells by code, on the page', () => {
  before(async () => {
    const part = (language: 'en' | 'es') => ({ translation: { words: words[language] } })
    await i18next.init({
      lng: 'en',
      resources: { en: part('en'), es: part('es') },
      interpolation: { escapeValue: false },
    })
  })

  it('is in English what the API says', async () => {
    await i18next.changeLanguage('en')
    for (const one of missed) assert.equal(shown.missedText(one), missedText(one))
    for (const one of troubles) assert.equal(shown.troubleText(one), troubleText(one))
  })

  it('is said in Spanish with every fact in its place', async () => {
    await i18next.changeLanguage('es')
    const spanish = [...missed.map(shown.missedText), ...troubles.map(shown.troubleText)]
    const english = [...missed.map(missedText), ...troubles.map(troubleText)]
    spanish.forEach((sentence, index) => {
      assert.notEqual(sentence, english[index])
      assert.doesNotMatch(sentence, /\{\{|undefined|words\./)
    })
    assert.equal(shown.missedText(missed[4]!), 'no coincide: la severidad MEDIUM es menor que HIGH')
    assert.match(
      shown.missedText(missed[8]!),
      /desde 2026-03-01T03:12:04.000Z \(3 cambios hasta entonces; ahora: Caído\)/,
    )
    assert.equal(
      shown.troubleText(troubles[0]!),
      'la base de datos no acepta escrituras: su disco está lleno o informa un error',
    )
  })

  it('keeps a reason that has no code', () => {
    const trouble: Trouble = { code: 'store_silent', facts: { reason: 'it hangs' } }
    assert.equal(shown.troubleText(trouble), 'la base de datos no responde: it hangs')
  })
})
