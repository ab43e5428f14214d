import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Sentences, sayCause } from '#core/cause/say-cause.ts'
import type { Language } from '#core/message/message.ts'
import { templateFaultsEn } from '../template-faults-en.ts'
import { templateFaultsEs } from '../template-faults-es.ts'
import { causeSentences, cureSentences } from './index.ts'

/** Words of the field, or of somebody else, that both languages say alike. */
const ALIKE: ReadonlySet<string> = new Set([
  'as_said',
  'at_name',
  'duty_channel_failed',
  'one_monitor',
  'mail_settings_faulty',
  'recipients_refused',
  'of_fail2ban',
  'in_field',
  'config_matcher',
  'config_cron',
  'work_done_each',
  'several_verdicts',
  'store_away',
  'cut_off',
])

/** Words that no Spanish sentence has, but for the one that names operators. */
const ENGLISH = /\b(the|is|was|not|of|and|answer\w*|connection|cannot)\b/

const factsIn = (sentence: string): readonly string[] => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)

/** `showsCode`: braces of a template stand in them, and a name again where it is shown how to write it. */
const suite = ({ en, es }: Readonly<Record<Language, Sentences>>, { showsCode = false } = {}) => {
  const codes = Object.keys(en)

  /** One whose facts each name themselves, in a way that no sentence does. */
  const sample = (code: string) => ({
    code,
    facts: Object.fromEntries(factsIn(en[code]!).map((name) => [name, `<${name}>`])),
  })

  it('stand in both languages', () => {
    assert.ok(codes.length > 30)
    assert.deepEqual(Object.keys(es).toSorted(), codes.toSorted())
  })

  it('name the same facts in both, each once, and leave no brace', () => {
    for (const code of codes) {
      const names = factsIn(en[code]!)
      assert.deepEqual(factsIn(es[code]!).toSorted(), names.toSorted(), code)
      if (!showsCode) assert.equal(new Set(names).size, names.length, code)
      for (const sentences of [en, es]) {
        const said = sayCause(sentences, sample(code))!
        assert.doesNotMatch(said, showsCode ? /\{\w+\}/ : /[{}]/, code)
        for (const name of names) assert.ok(said.includes(`<${name}>`), `${code} ${name}`)
      }
    }
  })

  it('hold each fact as it is, whatever stands in it', () => {
    const odd = fc.oneof(fc.string(), fc.constantFrom('{answer}', '{where}', '$1 $& $$', '{', '}}', '%s', '; '))
    const one = fc
      .constantFrom(...codes)
      .chain((code) => fc.record({ code: fc.constant(code), values: fc.array(odd, { minLength: 6, maxLength: 6 }) }))
    fc.assert(
      fc.property(one, fc.constantFrom(en, es), ({ code, values }, sentences) => {
        const names = factsIn(sentences[code]!)
        const fixed = sentences[code]!.split(/\{\w+\}/)
        const facts = Object.fromEntries(names.map((name, index) => [name, values[index]!]))
        const expected = fixed
          .map((words, index) => words + (index < names.length ? facts[names[index]!] : ''))
          .join('')
        assert.equal(sayCause(sentences, { code, facts }), expected)
      }),
      { numRuns: 1000 },
    )
  })

  it('are Spanish in Spanish', () => {
    const alike = codes.filter((code) => !ALIKE.has(code) && en[code] === es[code])
    assert.deepEqual(alike, [])
    const english = codes.filter(
      (code) => code !== 'tests_chained' && ENGLISH.test(es[code]!.replaceAll(/\{\w+\}/g, '')),
    )
    assert.deepEqual(english, [])
  })
}

describe('the sentences of causes', () => suite(causeSentences))
describe('the sentences of cures', () => suite(cureSentences))
describe('the sentences about templates', () =>
  suite({ en: templateFaultsEn, es: templateFaultsEs }, { showsCode: true }))
