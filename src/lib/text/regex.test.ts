import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { RE2JS } from 're2js'
import { inEnglish } from '#templates/said.ts'
import { type LinearRegex, linearRegex } from './regex.ts'

const regex = (pattern: string, flags?: string): LinearRegex => {
  const made = linearRegex(pattern, flags)
  assert.ok(made.ok, pattern)
  return made.value
}

const refusal = (pattern: string, flags?: string): string => {
  const made = linearRegex(pattern, flags)
  assert.ok(!made.ok, `${pattern.slice(0, 40)} was taken`)
  return inEnglish(made.problem)
}

describe('linear regular expressions', () => {
  it('finds a pattern anywhere in the text, as often as asked', () => {
    const found = regex('b+c')
    for (const _ of [1, 2]) assert.equal(found.test('abbcd'), true)
    assert.equal(found.test('abd'), false)
    assert.equal(regex('^é.$').test('é😀'), true)
  })

  it('knows the flags i, m and s', () => {
    assert.equal(regex('ABC', 'i').test('abc'), true)
    assert.equal(regex('^b$', 'm').test('a\nb'), true)
    assert.equal(regex('a.b', 's').test('a\nb'), true)
    assert.equal(regex('a.b').test('a\nb'), false)
    assert.match(refusal('a', 'g'), /flag g is not known/)
    assert.match(refusal('a', '_'), /flag _ is not known/)
  })

  it('answers patterns that hold other engines for ages', () => {
    const text = `${'a'.repeat(20_000)}!`
    for (const pattern of ['(a+)+$', '^(a|a)*$', '(a|aa)+$', '(.*a){12}$'])
      assert.equal(regex(pattern).test(text), false)
  })

  it('refuses what is not linear, not a pattern, or too large', () => {
    for (const pattern of ['(?=a)', '(a)\\1', '(', 'a**', '\\'])
      assert.match(refusal(pattern), /not a regular expression/)
    assert.match(refusal('a'.repeat(1001)), /1001 characters/)
    assert.match(refusal('[ab]?{1000}'), /not a regular expression|repeats too much/)
    assert.match(refusal('(?:[ab]?){1000}c'), /repeats too much/)
    assert.match(refusal('((a{100}){100}){100}'), /not a regular expression|repeats too much/)
  })

  it('answers as without the look at the beginning of the pattern', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'ab',
      'a*',
      'b?',
      'a{0}',
      'b{0,2}',
      '.',
      '[ab]',
      '(?:a|b)',
      '(a)?',
      '|',
      '$',
      '+',
    )
    const patterns = fc
      .tuple(fc.constantFrom('', '^'), fc.array(piece, { maxLength: 5 }))
      .map(([a, b]) => a + b.join(''))
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 6 })
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        const made = linearRegex(pattern)
        fc.pre(made.ok)
        assert.equal(made.value.test(text), RE2JS.compile(pattern).test(text), `${pattern} on ${text}`)
      }),
      { numRuns: 2000 },
    )
  })
})
