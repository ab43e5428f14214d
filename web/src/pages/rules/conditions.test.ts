import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { newCheck, newGroup, parseScalar, readConditions, showScalar, writeConditions } from './conditions.ts'

const again = (conditions: unknown) => {
  const root = readConditions(conditions)
  return root && writeConditions(root)
}

describe('the builder of conditions', () => {
  it('writes plain fields where they say it all', () => {
    const root = newGroup('all', [
      { ...newCheck(), field: 'confidence', operator: '>', value: 80 },
      { ...newCheck(), field: 'jail', operator: 'in', value: ['sshd'] },
    ])
    assert.deepEqual(writeConditions(root), {
      confidence: { operator: '>', value: 80 },
      jail: { operator: 'in', value: ['sshd'] },
    })
    assert.deepEqual(writeConditions(newGroup()), {})
  })

  it('reads every form that the server stores', () => {
    assert.deepEqual(again({ a: '> 80' }), { a: { operator: '>', value: 80 } })
    assert.deepEqual(again({ a: { '>': 1, '<': 5 } }), {
      all: [{ a: { operator: '>', value: 1 } }, { a: { operator: '<', value: 5 } }],
    })
    const nested = {
      any: [{ a: { operator: '==', value: 'x' } }, { not: { any: [{ b: { operator: 'exists', value: true } }] } }],
    }
    assert.deepEqual(again(nested), nested)
    assert.deepEqual(again({}), {})
  })

  it('leaves a form that it does not show to the editor of JSON', () => {
    assert.equal(readConditions({ a: { operator: 'later', value: 1 } }), undefined)
    assert.equal(readConditions([1]), undefined)
  })

  it('keeps a value through its text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer(), fc.boolean()), (value) => {
        assert.deepEqual(parseScalar(showScalar(value)), value)
      }),
    )
  })
})
