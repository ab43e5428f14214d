import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ackToken, alertOfToken } from './ack-token.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')

describe('acknowledge token', () => {
  it('names its alert to who holds the key', () => {
    const token = ackToken(KEY, 4711)
    assert.match(token, /^4711\.[\w-]{22}$/)
    assert.equal(alertOfToken(KEY, token), 4711)
    assert.equal(alertOfToken(Buffer.alloc(32, 8).toString('base64'), token), undefined)
  })

  it('is of no use for another alert', () => {
    assert.equal(alertOfToken(KEY, ackToken(KEY, 1).replace(/^1/, '2')), undefined)
  })

  it('takes whatever text for no token', () => {
    const signature = ackToken(KEY, 1).slice(2)
    for (const text of [
      '',
      '1',
      '1.',
      `01.${signature}`,
      `1.${signature}x`,
      `1.${signature.slice(1)}`,
      `1.${signature}\n`,
    ])
      assert.equal(alertOfToken(KEY, text), undefined, text)
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        assert.equal(alertOfToken(KEY, text), undefined)
      }),
      { numRuns: 200 },
    )
  })
})
