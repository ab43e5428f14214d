import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Monitor } from '../api/types.ts'
import { countsOf, type Dependant, dependantsOf } from './dependants.ts'

let ids = 0
const monitor = (name: string, state: Monitor['state'], parents: readonly (readonly string[])[]) =>
  ({ id: ++ids, name, state, parents, paused: false }) as unknown as Monitor

const plain = (tree: readonly Dependant[]): unknown => tree.map(({ monitor: { name }, below }) => [name, plain(below)])

describe('the map of an outage', () => {
  it('shows who is reached through a monitor', () => {
    const monitors = [
      monitor('core', 'down', []),
      monitor('spare', 'up', []),
      monitor('pop', 'down', [['core']]),
      monitor('double', 'up', [['core', 'spare']]),
      monitor('home', 'unknown', [['pop']]),
    ]
    const tree = dependantsOf('core', monitors)
    assert.deepEqual(plain(tree), [
      ['pop', [['home', []]]],
      ['double', []],
    ])
    assert.deepEqual(
      countsOf(tree),
      { size: 3, silent: 1 },
      'what is only behind it, or unknown, does answer as far as one knows',
    )
    assert.deepEqual(dependantsOf('home', monitors), [])
  })

  it('counts one that is reached by two ways once', () => {
    const monitors = [
      monitor('pop', 'down', []),
      monitor('a', 'up', [['pop']]),
      monitor('b', 'up', [['pop']]),
      monitor('both', 'down', [['a', 'b']]),
    ]
    assert.deepEqual(countsOf(dependantsOf('pop', monitors)), { size: 3, silent: 1 })
  })

  it('ends where monitors name one another', () => {
    const monitors = [monitor('a', 'down', [['b']]), monitor('b', 'down', [['a']])]
    assert.deepEqual(plain(dependantsOf('a', monitors)), [['b', []]])
  })
})
