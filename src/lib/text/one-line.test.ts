import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { oneLine, oneLineEach, plainText, printable, printableJson } from './one-line.ts'

describe('text in one line', () => {
  it('cannot begin a line, drive a terminal, or turn text around', () => {
    const written: readonly [text: string, line: string][] = [
      ['a\r\nAcknowledge: b', 'a Acknowledge: b'],
      ['a\u2028b\u2029c\u0085d\ve', 'a b c d e'],
      ['\x1b[31mred\x1b[0m\x07', '[31mred [0m'],
      ['gpj.\u202eexe\u202c', 'gpj.exe'],
      ['\u2066a\u2069\u200eb\u200fc\u061c', 'abc'],
      ['a\u200bb\ufeffc\u00add\u2060e', 'abcde'],
      ['  a \t b  ', 'a b'],
      ['a\ud800', 'a\ufffd'],
      ['a\0b', 'a b'],
    ]
    for (const [text, line] of written) assert.equal(oneLine(text), line, JSON.stringify(text))
  })

  it('leaves text of people as it is', () => {
    for (const text of [
      'plain',
      '',
      'nodo 7 · señal débil',
      'مرحبا بالعالم',
      'שלום עולם',
      'می‌خواهم',
      'क्‍ष',
      '👩‍👩‍👧',
      '❤️‍🔥',
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
      '\u0600١٢٣',
    ])
      assert.deepEqual([oneLine(text), plainText(text), printable(text)], [text, text, text])
  })

  it('keeps the lines of what is written in lines', () => {
    assert.equal(plainText('a\r\n\tb\rc\u2028d\x1b[1m\u202ee\n'), 'a\n\tb\nc\nd [1me\n')
  })

  it('shows on a terminal where something was', () => {
    assert.equal(printable('  a\x1b[2J\nb\u202e\u2028c'), '  a·[2J·b··c')
  })

  it('goes through lists and objects, and names of fields', () => {
    const value = { 'a\nb': ['x\ny', 1, null, { c: true, d: '\u202e' }], __proto__: null }
    assert.equal(JSON.stringify(oneLineEach(value)), '{"a b":["x y",1,null,{"c":true,"d":""}]}')
  })

  it('of JSON reads the same, and drives nothing', () => {
    const value = { a: 'b\u202ec\x9bd\u2028👩‍👩‍👧\u{e0067}\x1b' }
    const line = printableJson(`${JSON.stringify(value)}\n`)
    assert.match(line, /^[^\x7f-\x9f\u2028\u202e\x1b]+\n$/)
    assert.deepEqual(JSON.parse(line), value)
  })

  it('of any text is one line, and the same again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const line = oneLine(text)
        assert.doesNotMatch(line, /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200e\u200f]/u)
        assert.equal(oneLine(line), line)
        assert.doesNotMatch(printable(text), /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u)
        assert.doesNotMatch(plainText(text), /[^\P{Cc}\n\t]|[\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u)
      }),
      { numRuns: 500 },
    )
  })
})
