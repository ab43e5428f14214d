import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parsePythonLiteral } from './python-literal.ts'

describe('Python literals', () => {
  it('reads what fail2ban prints', () => {
    for (const [text, wanted] of [
      [
        "[{'test': ['203.0.113.7', '2001:db8::bad:1']}, {'sshd': []}]",
        [{ test: ['203.0.113.7', '2001:db8::bad:1'] }, { sshd: [] }],
      ],
      ["[['test'], []]\n", [['test'], []]],
      ['[]', []],
      ['{}', {}],
      ['(1, -2.5, None, True,)', [1, -2.5, null, true]],
      [`{"it's": 'a\\n\\'b\\x41\\u00f1'}`, { "it's": "a\n'bAñ" }],
      ["{'a', 'b'}", ['a', 'b']],
    ] as const)
      assert.deepEqual(parsePythonLiteral(text), wanted, text)
  })

  it('refuses anything else, however it is nested', () => {
    for (const text of [
      '',
      'x',
      '[',
      '[1',
      "'a",
      "{'a': }",
      '{1: 2}',
      '[1] 2',
      '__import__("os")',
      '[a]',
      "'\\q'",
      '['.repeat(10_000),
      "{'a', 'b': 1}",
    ])
      assert.equal(parsePythonLiteral(text), undefined, text.slice(0, 20))
    assert.deepEqual(Object.keys(parsePythonLiteral("{'__proto__': 1}") as object), ['__proto__'])
  })

  it('answers to anything', () => {
    const piece = fc.constantFrom('[', ']', '{', '}', "'", '"', ',', ':', '\\', 'None', '1', ' ', 'é', '(', ')')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const parsed = parsePythonLiteral(pieces.join(''))
        if (parsed !== undefined) assert.doesNotThrow(() => JSON.stringify(parsed))
      }),
      { numRuns: 3000 },
    )
  })
})
