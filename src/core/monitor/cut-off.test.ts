import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { cutOffBy } from './cut-off.ts'
import { createTopology } from './topology.ts'

const MINUTE = 60_000
const NAMES = ['core', 'pop', 'olt', 'a', 'b', 'other', 'both', 'either'] as const
const ids = new Map(NAMES.map((name, index) => [name as string, index + 1]))
const named = (id: number) => NAMES[id - 1]!
const PARENTS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  pop: [['core']],
  olt: [['pop']],
  a: [['olt']],
  b: [['olt']],
  both: [['pop', 'other']],
  either: [['pop'], ['other']],
}
const network = createTopology(NAMES.map((name, index) => ({ id: index + 1, name, parents: PARENTS[name] ?? [] })))

/** Who is cut off by whom, of those that fell at these minutes; each is looked at once a minute. */
const told = (falls: Readonly<Record<string, number>>, topology = network) =>
  Object.fromEntries(
    [
      ...cutOffBy(
        topology,
        new Map(
          Object.entries(falls).map(([name, minute]) => [ids.get(name)!, { since: minute * MINUTE, unseenMs: MINUTE }]),
        ),
      ),
    ].map(([id, roots]) => [named(id), roots.map(named)]),
  )

describe('cut off', () => {
  it('folds what fell with its root, over all that stands between', () => {
    assert.deepEqual(told({ pop: 10, olt: 10, a: 10.5, b: 11 }), { olt: ['pop'], a: ['pop'], b: ['pop'] })
    assert.deepEqual(told({ pop: 10 }), {})
  })

  it('folds what the looks found down before its root, while nobody has seen the root since', () => {
    assert.deepEqual(told({ olt: 10, a: 9.5 }), { a: ['olt'] })
  })

  it('never folds what was down before its root; what fell with that one lies below that one', () => {
    assert.deepEqual(told({ olt: 10, a: 5, b: 10 }), { b: ['olt'] })
    assert.deepEqual(told({ pop: 20, olt: 10, a: 10 }), { a: ['olt'] })
  })

  it('never folds what stays down after its root', () => {
    assert.deepEqual(told({ a: 10, b: 10 }), {})
    assert.deepEqual(told({ a: 10, b: 40, olt: 40 }), { b: ['olt'] })
  })

  it('a list cuts off when all of it is down, a list of lists when any inner list is', () => {
    assert.deepEqual(told({ pop: 10, both: 10, either: 10 }), { either: ['pop'] })
    assert.deepEqual(told({ pop: 10, other: 10, both: 10, either: 10 }), {
      both: ['pop', 'other'],
      either: ['pop', 'other'],
    })
    assert.deepEqual(told({ pop: 5, other: 10, both: 7 }), {}, 'it had a way left when it fell')
  })

  it('leaves those that name one another to stand for themselves', () => {
    const circle = createTopology([
      { id: 1, name: 'core', parents: [['pop']] },
      { id: 2, name: 'pop', parents: [['core']] },
      { id: 3, name: 'olt', parents: [['olt']] },
    ])
    const fall = { since: 0, unseenMs: MINUTE }
    assert.equal(cutOffBy(circle, new Map([1, 2, 3].map((id) => [id, fall]))).size, 0)
  })

  it('whatever the network: roots are down and are not cut off', () => {
    const count = 12
    const parents = fc.array(fc.array(fc.integer({ min: 1, max: count }), { minLength: 1, maxLength: 2 }), {
      maxLength: 2,
    })
    const falls = fc.array(fc.option(fc.integer({ min: 0, max: 5 })), { minLength: count, maxLength: count })
    fc.assert(
      fc.property(fc.array(parents, { minLength: count, maxLength: count }), falls, (groups, times) => {
        const topology = createTopology(
          groups.map((group, index) => ({
            id: index + 1,
            name: String(index + 1),
            parents: group.map((one) => one.map(String)),
          })),
        )
        const down = new Map(
          times.flatMap((at, index) =>
            at === null ? [] : [[index + 1, { since: at * MINUTE, unseenMs: MINUTE }] as const],
          ),
        )
        const cutOff = cutOffBy(topology, down)
        for (const [id, roots] of cutOff) {
          assert.ok(down.has(id) && roots.length > 0)
          for (const root of roots) assert.ok(down.has(root) && !cutOff.has(root))
        }
      }),
      { numRuns: 200 },
    )
  })
})
