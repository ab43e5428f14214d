import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Cause, CauseCode } from '#core/cause/cause.ts'
import { sayCause } from '#core/cause/say-cause.ts'
import { causeSentences } from './index.ts'

const { en, es } = causeSentences
const CODES = Object.keys(en) as readonly CauseCode[]

/** Words of the field, or of somebody else, that both languages say alike. */
const ALIKE: ReadonlySet<string> = new Set(['as_said', 'at_name', 'one_monitor'])

const factsIn = (sentence: string): readonly string[] => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)

/** A cause whose facts each name themselves, in a way that no sentence does. */
const sample = (code: CauseCode): Cause => ({
  code,
  facts: Object.fromEntries(factsIn(en[code]).map((name) => [name, `<${name}>`])),
})

describe('the sentences of causes', () => {
  it('stand in both languages', () => {
    assert.ok(CODES.length > 100)
    assert.deepEqual(Object.keys(es).toSorted(), CODES.toSorted())
  })

  it('name the same facts in both, each once, and leave no brace', () => {
    for (const code of CODES) {
      const names = factsIn(en[code])
      assert.deepEqual(factsIn(es[code]).toSorted(), names.toSorted(), code)
      assert.equal(new Set(names).size, names.length, code)
      for (const sentences of [en, es]) {
        const said = sayCause(sentences, sample(code))!
        assert.doesNotMatch(said, /[{}]/, code)
        for (const name of names) assert.ok(said.includes(`<${name}>`), `${code} ${name}`)
      }
    }
  })

  it('are Spanish in Spanish', () => {
    const alike = CODES.filter((code) => !ALIKE.has(code) && en[code] === es[code])
    assert.deepEqual(alike, [])
    const english = CODES.filter((code) =>
      /\b(the|is|was|not|of|and|answer\w*|connection|cannot)\b/.test(es[code].replaceAll(/\{\w+\}/g, '')),
    )
    assert.deepEqual(english, [])
  })
})
