import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Monitor } from '../api/types.ts'
import { type Dependant, dependantsOf } from './dependants.ts'

const monitor = (name: string, state: Monitor['state'], parents: readonly (readonly string[])[]) =>
  ({ name, state, parents }) as unknown as Monitor

const plain = (tree: readonly Dependant[]): unknown =>
  tree.map(({ monitor: { name }, cutOff, below }) => [name, cutOff, plain(below)])

describe('the map of an outage', () => {
  it('shows who is reached through a monitor, and who is cut off', () => {
    const monitors = [
      monitor('core', 'down', []),
      monitor('spare', 'up', []),
      monitor('pop', 'down', [['core']]),
      monitor('double', 'up', [['core', 'spare']]),
      monitor('home', 'unknown', [['pop']]),
    ]
    assert.deepEqual(plain(dependantsOf('core', monitors)), [
      ['pop', true, [['home', true, []]]],
      ['double', false, []],
    ])
    assert.deepEqual(dependantsOf('home', monitors), [])
  })

  it('ends where monitors name one another', () => {
    const monitors = [monitor('a', 'down', [['b']]), monitor('b', 'down', [['a']])]
    assert.deepEqual(plain(dependantsOf('a', monitors)), [['b', true, []]])
  })
})
