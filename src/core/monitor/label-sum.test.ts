import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { labelSum } from './label-sum.ts'
import { createTopology } from './topology.ts'

// A POP, two OLTs behind it, customers behind each, one customer behind both.
const network = createTopology([
  { id: 1, name: 'pop' },
  { id: 2, name: 'olt-1', parents: [['pop']] },
  { id: 3, name: 'olt-2', parents: [['pop']] },
  { id: 4, name: 'a', parents: [['olt-1']] },
  { id: 5, name: 'b', parents: [['olt-2']] },
  { id: 6, name: 'c', parents: [['olt-1', 'olt-2']] },
])
const sum = (numbers: Readonly<Record<number, number>>, ids = [1, 2, 3, 4, 5, 6]) =>
  labelSum(ids, (id) => numbers[id] ?? Number.NaN, network)

describe('sum of a label', () => {
  it('takes it at the topmost level that says it', () => {
    assert.equal(sum({ 2: 1136, 4: 92, 5: 7 }), 1143)
    assert.equal(sum({ 1: 2000, 2: 1136, 4: 92 }), 2000)
    assert.equal(sum({ 2: 100, 4: 92 }, [2, 4]), 100)
  })

  it('sums what stands side by side, in whatever order it comes', () => {
    assert.equal(sum({ 4: 1, 5: 2, 6: 4 }), 7)
    assert.equal(sum({ 2: 10, 6: 4, 5: 1 }, [6, 5, 4, 3, 2, 1]), 11)
  })

  it('knows none where nobody says it, and leaves out what is no number', () => {
    assert.equal(sum({}), undefined)
    assert.equal(sum({ 4: Number('many'), 5: 3 }), 3)
  })

  it('counts those that name one another once', () => {
    const circle = createTopology([
      { id: 1, name: 'a', parents: [['b']] },
      { id: 2, name: 'b', parents: [['a']] },
    ])
    assert.equal(
      labelSum([1, 2], () => 5, circle),
      5,
    )
  })
})
