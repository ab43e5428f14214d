import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { labelFingerprint } from './label-fingerprint.ts'

describe('the fingerprint of labels', () => {
  it('is the one that Alertmanager computes', () => {
    assert.equal(labelFingerprint({ alertname: 'a', instance: 'x' }), '78d0bb935f3afd9c')
    assert.equal(labelFingerprint({ alertname: 'ok1' }), 'd7252752c04bd3c5')
    assert.equal(labelFingerprint({}), 'cbf29ce484222325')
  })

  it('does not depend on the order, and tells names from values', () => {
    assert.equal(labelFingerprint({ b: '2', a: 'ñ' }), labelFingerprint({ a: 'ñ', b: '2' }))
    assert.notEqual(labelFingerprint({ a: 'b', c: 'd' }), labelFingerprint({ a: 'bc', d: '' }))
  })
})
