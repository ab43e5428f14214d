import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Monitor } from '../api/types.ts'
import { cutOffAmong, outagesOf } from './outages.ts'

const monitor = (name: string, parents: readonly (readonly string[])[] = [], state = 'down'): Monitor =>
  ({ id: name.length, name, parents, state, paused: false }) as unknown as Monitor

const told = (monitors: readonly Monitor[]) =>
  outagesOf(monitors).map(({ monitor: { name }, behind }) => [name, behind])

describe('outages', () => {
  it('names what failed by itself, with the number of those behind it', () => {
    const wrong = [
      monitor('alone'),
      monitor('client 1', [['switch']]),
      monitor('client 2', [['switch']]),
      monitor('router'),
      monitor('switch', [['router']]),
    ]
    assert.deepEqual(told(wrong), [
      ['router', 3],
      ['alone', 0],
    ])
  })

  it('counts one with a way left as failed by itself', () => {
    assert.deepEqual(told([monitor('a'), monitor('both', [['a', 'b']])]), [
      ['a', 0],
      ['both', 0],
    ])
    assert.deepEqual(told([monitor('a'), monitor('either', [['a'], ['b']])]), [['a', 1]])
  })

  it('counts what is degraded behind something down as itself', () => {
    const slow = monitor('slow', [['a']], 'degraded')
    assert.deepEqual(told([monitor('a'), slow]), [
      ['a', 0],
      ['slow', 0],
    ])
    assert.equal(cutOffAmong([monitor('a'), slow])(slow), false)
  })

  it('ends where monitors name one another', () => {
    assert.deepEqual(told([monitor('a', [['b']]), monitor('b', [['a']])]).length, 2)
  })
})
