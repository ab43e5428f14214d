import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lastHopOf, lastHopText, type PathSnapshot } from './path.ts'

const way = (hops: readonly (string | null)[], reached = false, address = 'host'): PathSnapshot => ({
  at: 1000,
  address,
  hops,
  reached,
})
const nobody = () => false

describe('the last hop that answers', () => {
  it('is the farthest router that said anything', () => {
    assert.deepEqual(lastHopOf(way(['a', null, 'c']), undefined, nobody), { address: 'c' })
  })

  it('is not known when nobody on the way said anything', () => {
    assert.equal(lastHopOf(way([]), way(['a', 'b'], true), nobody), undefined)
  })

  it('is the host itself when it answers', () => {
    const found = lastHopOf(way(['a', 'b'], true), way(['a', 'x'], true), nobody)
    assert.deepEqual(found, { address: 'host', reached: true })
  })

  it('is the usual one or another', () => {
    const well = way(['a', 'b', 'c'], true)
    assert.deepEqual(lastHopOf(way(['a', 'b']), well, nobody), { address: 'b', changed: false })
    assert.deepEqual(lastHopOf(way(['a', 'x']), well, nobody), { address: 'x', changed: true })
  })

  it('that was silent while all was well is neither', () => {
    assert.deepEqual(lastHopOf(way(['a', 'b']), way(['a', null, 'c'], true), nobody), { address: 'b' })
  })

  it('of a longer way than the usual one is not on it', () => {
    assert.deepEqual(lastHopOf(way(['a', 'b']), way(['a'], true), nobody), { address: 'b', changed: true })
  })

  it('is not compared with the way to another address', () => {
    assert.deepEqual(lastHopOf(way(['a']), way(['a'], true, 'elsewhere'), nobody), { address: 'a' })
  })

  it('is one that others heard, though it was silent here', () => {
    const well = way(['a', 'b', 'c'], true)
    const heard = (hop: string) => hop === 'b'
    assert.deepEqual(lastHopOf(way(['a']), well, heard), { address: 'b', changed: false })
    assert.deepEqual(lastHopOf(way([]), well, heard), { address: 'b', changed: false })
    assert.deepEqual(
      lastHopOf(way(['x']), well, heard),
      { address: 'x', changed: true },
      'on another way it counts not',
    )
  })

  it('is written with the monitor that watches it', () => {
    assert.equal(lastHopText({ address: '10.0.0.2', name: 'core-2' }), 'core-2 (10.0.0.2)')
    assert.equal(lastHopText({ address: '10.0.0.2' }), '10.0.0.2')
    assert.equal(lastHopText({ address: '10.0.0.2', name: '10.0.0.2' }), '10.0.0.2')
  })
})
