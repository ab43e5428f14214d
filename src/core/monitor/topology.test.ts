import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createTopology } from './topology.ts'

const downOf = (...ids: number[]) => {
  const down = new Set(ids)
  return (id: number) => down.has(id)
}
// Two cores, a POP behind both, devices behind the POP, and one device with two uplinks.
const network = createTopology([
  { id: 1, name: 'core-1' },
  { id: 2, name: 'core-2' },
  { id: 3, name: 'pop', parents: [['core-1', 'core-2']] },
  { id: 4, name: 'cpe-a', parents: [['pop']] },
  { id: 5, name: 'cpe-b', parents: [['pop']] },
  { id: 6, name: 'other-pop' },
  { id: 7, name: 'bridge', parents: [['pop', 'other-pop']] },
  { id: 8, name: 'needs-both', parents: [['pop'], ['other-pop']] },
  { id: 9, name: 'orphan', parents: [['gone']] },
])

describe('topology', () => {
  it('a list cuts off when all of it is down, a list of lists when any inner list is', () => {
    assert.equal(network.isCutOff(3, downOf(1)), false)
    assert.equal(network.isCutOff(3, downOf(1, 2)), true)
    assert.equal(network.isCutOff(7, downOf(3)), false)
    assert.equal(network.isCutOff(8, downOf(6)), true)
    assert.equal(network.isCutOff(9, downOf(1, 2, 3)), false)
  })

  it('names the cause at the top, not the parent that is cut off itself', () => {
    assert.deepEqual([...network.causesOf(4, downOf(1, 2, 3))].sort(), [1, 2])
    assert.deepEqual(network.causesOf(4, downOf(3)), [3])
    assert.deepEqual(network.causesOf(4, downOf(4)), [])
  })

  it('counts what cannot be reached, also what was not seen down yet', () => {
    assert.deepEqual([...network.affectedBy(3, downOf())].sort(), [4, 5, 8])
    assert.deepEqual([...network.affectedBy(3, downOf(6))].sort(), [4, 5, 7, 8])
    assert.deepEqual(network.affectedBy(1, downOf()), [])
    assert.deepEqual([...network.affectedBy(1, downOf(2))].sort(), [3, 4, 5, 8])
  })
})
