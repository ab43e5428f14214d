import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Candidate, type Fall, proposeParents } from './parent-proposals.ts'

const SECOND = 1000
const HOUR = 3_600_000

const candidate = (id: number, hops?: readonly (string | null)[], parents: readonly string[] = []): Candidate => ({
  id,
  name: `m${id}`,
  parents,
  path: hops && { monitorId: id, kind: 'well', at: 0, address: `a${id}`, hops, reached: true },
})
/** Every monitor `mN` watches the address `aN`. */
const propose = (monitors: readonly Candidate[], falls: readonly Fall[] = []) =>
  proposeParents({
    monitors,
    falls,
    withinMs: 5 * SECOND,
    watching: (address) => monitors.find(({ id }) => `a${id}` === address),
  })
const pairs = ({ proposals }: ReturnType<typeof propose>) => proposals.map(({ monitor, parent }) => [monitor, parent])
/** Monitors that fall with two seconds between them, at so many hours. */
const falls = (hours: readonly number[], ...ids: readonly number[]): Fall[] =>
  hours.flatMap((hour) => ids.map((monitorId, index) => ({ monitorId, since: hour * HOUR + index * 2 * SECOND })))

describe('parents proposed from ways', () => {
  it('are the nearest hop that is watched', () => {
    const monitors = [candidate(1, []), candidate(2, ['a1']), candidate(3, ['a1', 'a2', 'x', null])]
    const found = propose(monitors)
    assert.deepEqual(pairs(found), [
      ['m2', 'm1'],
      ['m3', 'm2'],
    ])
    const { evidence } = found.proposals[1]!
    assert.deepEqual(evidence.kind === 'path' && evidence.distance, 2)
  })

  it('are not proposed to who names some already', () => {
    assert.deepEqual(pairs(propose([candidate(1, []), candidate(2, ['a1'], ['other'])])), [])
  })

  it('are never a circle', () => {
    assert.deepEqual(pairs(propose([candidate(1, ['a2']), candidate(2, ['a1'])])), [['m1', 'm2']])
    assert.deepEqual(pairs(propose([candidate(1, [], ['m2']), candidate(2, ['a1'])])), [])
    const hop = fc.option(fc.integer({ min: 0, max: 6 }).map((id) => `a${id}`))
    const ways = fc.array(fc.array(hop, { maxLength: 4 }), { maxLength: 7 })
    const fell = fc.array(fc.record({ monitorId: fc.nat(6), since: fc.nat(60 * SECOND) }), { maxLength: 60 })
    const property = fc.property(ways, fell, (ways, fell) => {
      const { proposals } = propose(
        ways.map((hops, id) => candidate(id, hops)),
        fell,
      )
      const parentOf = new Map(proposals.map(({ monitor, parent }) => [monitor, parent]))
      assert.equal(parentOf.size, proposals.length)
      for (const start of parentOf.keys()) {
        let at = parentOf.get(start)
        for (let steps = 0; at !== undefined && steps < 10; steps++) {
          assert.notEqual(at, start)
          at = parentOf.get(at)
        }
      }
    })
    fc.assert(property, { numRuns: 300 })
  })
})

describe('parents proposed from what falls together', () => {
  it('fall each time with the child, which falls by itself besides', () => {
    const found = propose([candidate(1), candidate(2)], [...falls([1, 2, 3], 1, 2), ...falls([4, 5], 2)])
    assert.deepEqual(found.proposals, [
      { monitor: 'm2', parent: 'm1', evidence: { kind: 'falls', together: 3, ofParent: 3, ofMonitor: 5 } },
    ])
  })

  it('are the nearest of several', () => {
    const fell = [...falls([1, 2, 3], 1, 2, 3), ...falls([4, 5], 2, 3), ...falls([6], 3)]
    assert.deepEqual(pairs(propose([candidate(1), candidate(2), candidate(3)], fell)), [
      ['m2', 'm1'],
      ['m3', 'm2'],
    ])
  })

  it('are not proposed after two falls, nor for falls far apart', () => {
    assert.deepEqual(propose([candidate(1), candidate(2)], [...falls([1, 2], 1, 2), ...falls([3], 2)]).proposals, [])
    const apart = [...falls([1, 2, 3], 1), ...falls([1.01, 2.01, 3.01, 4], 2)]
    assert.deepEqual(propose([candidate(1), candidate(2)], apart), { proposals: [], together: [] })
  })

  it('are not proposed where it cannot be told who depends on whom: that is said', () => {
    const found = propose([candidate(1), candidate(2)], falls([1, 2, 3], 1, 2))
    assert.deepEqual(found, { proposals: [], together: [{ names: ['m1', 'm2'], times: 3 }] })
  })

  it('stand nearer than the child', () => {
    const monitors = [candidate(1, ['x']), candidate(2, ['x', 'y'])]
    assert.deepEqual(pairs(propose(monitors, falls([1, 2, 3], 1, 2))), [['m2', 'm1']])
    const neighbours = [candidate(1, ['x']), candidate(2, ['y'])]
    assert.deepEqual(propose(neighbours, [...falls([1, 2, 3], 1, 2), ...falls([4], 2)]).proposals, [])
  })

  it('of ten thousand that all fall at once are looked for within a bound', () => {
    const monitors = Array.from({ length: 10_000 }, (_, id) => candidate(id))
    const ids = monitors.map(({ id }) => id)
    const fell = [1, 2, 3].flatMap((hour) => ids.map((monitorId) => ({ monitorId, since: hour * HOUR })))
    assert.deepEqual(propose(monitors, fell), { proposals: [], together: [] })
  })
})
