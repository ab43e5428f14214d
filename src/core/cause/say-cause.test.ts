import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { because, type Cause } from './cause.ts'
import { sayCause } from './say-cause.ts'

const TEXTS = {
  connection_refused: 'connection to {target} refused',
  record_missing: '{name} {type} is {values}; {missing} is missing',
  by_last_known_address: '{cause}; looked at by the last known address of {host}',
  too_many_open_files: 'this process has too many open files',
}

const refused = (target: string) => because('connection_refused', { target })

describe('a cause in words', () => {
  it('has each fact in its place, as it is', () => {
    assert.equal(sayCause(TEXTS, refused('10.0.0.1:22')), 'connection to 10.0.0.1:22 refused')
    assert.equal(sayCause(TEXTS, because('too_many_open_files')), 'this process has too many open files')
  })

  it('never reads a fact again, whatever stands in it', () => {
    for (const odd of ['{target}', '{name}', '$1 $& $$', '%s', '\\', '{', '}', '{{cause}}'])
      assert.equal(sayCause(TEXTS, refused(odd)), `connection to ${odd} refused`)
    const facts = { name: '{type}', type: '{missing}', values: '{name}', missing: '$1' }
    assert.equal(sayCause(TEXTS, because('record_missing', facts)), '{type} {missing} is {name}; $1 is missing')
    fc.assert(
      fc.property(fc.string(), (target) => sayCause(TEXTS, refused(target)) === `connection to ${target} refused`),
    )
  })

  it('says a cause within a cause in its place, and several one after the other', () => {
    const cause = because('by_last_known_address', { cause: refused('192.0.2.1:22'), host: 'web.example' })
    assert.equal(
      sayCause(TEXTS, cause),
      'connection to 192.0.2.1:22 refused; looked at by the last known address of web.example',
    )
    const both = because('by_last_known_address', { cause: [refused('a:1'), refused('b:2')], host: 'c' })
    assert.equal(
      sayCause(TEXTS, both),
      'connection to a:1 refused; connection to b:2 refused; looked at by the last known address of c',
    )
  })

  it('is not said where a code or a fact is not known, in it or within', () => {
    const unknown = (code: string, facts: Cause['facts'] = {}) => ({ code, facts }) as unknown as Cause
    for (const code of ['of_tomorrow', 'constructor', '__proto__', ''])
      assert.equal(sayCause(TEXTS, unknown(code)), undefined, code)
    assert.equal(sayCause(TEXTS, unknown('connection_refused')), undefined)
    assert.equal(sayCause(TEXTS, unknown('connection_refused', { constructor: 'x' } as never)), undefined)
    // What is no number is null once it was stored.
    assert.equal(sayCause(TEXTS, JSON.parse(JSON.stringify(refused(Number.NaN as never)))), undefined)
    assert.equal(sayCause(TEXTS, unknown('connection_refused', { target: [null] } as never)), undefined)
    const within = because('by_last_known_address', { cause: unknown('of_tomorrow'), host: 'a' })
    assert.equal(sayCause(TEXTS, within), undefined)
    assert.equal(sayCause(TEXTS, { ...within, facts: { ...within.facts, cause: [within, within] } }), undefined)
  })
})
