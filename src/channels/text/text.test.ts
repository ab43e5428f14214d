import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { escapeHtml } from '#lib/text/html.ts'
import { fit, oneLine } from './text.ts'

describe('fit', () => {
  it('leaves what fits and cuts what does not, with an ellipsis', () => {
    assert.equal(fit('abcde', 5), 'abcde')
    assert.equal(fit('abcdef', 5), 'abcd…')
  })

  it('never cuts through a character that people see as one', () => {
    const family = '👨‍👩‍👧‍👦'
    assert.equal(fit(`ab${family}cd`, 10), 'ab…')
    assert.equal(fit('e\u0301e\u0301e\u0301', 4), 'e\u0301…')
  })

  it('counts and cuts after escaping, so that no entity is cut through', () => {
    assert.equal(fit('a<b', 7, escapeHtml), 'a&lt;b'.slice(0, 6))
    assert.equal(fit('a<<<', 7, escapeHtml), 'a&lt;…')
  })

  it('mends broken surrogates', () => assert.equal(fit('a\ud83d', 5), 'a\ufffd'))

  it('is always well formed and within the limit', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.integer({ min: 1, max: 60 }), (text, limit) => {
        const short = fit(text, limit, escapeHtml)
        assert.ok(short.length <= limit)
        assert.ok(short.isWellFormed())
      }),
    ))
})

it('oneLine leaves no line end or control character', () => {
  assert.equal(oneLine(' a\r\nBcc: b\u0000\tc\u2028d '), 'a Bcc: b c d')
})
