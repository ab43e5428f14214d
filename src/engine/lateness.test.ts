import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLateness } from './lateness.ts'

describe('lateness', () => {
  it('is nothing before anything began', () => {
    assert.deepEqual(createLateness().figures(), { started: 0, p50: 0, p99: 0, max: 0, current: 0 })
  })

  it('tells how late probes begin at present, whatever was before', () => {
    const lateness = createLateness()
    for (let n = 0; n < 9000; n++) lateness.add(1)
    for (let n = 0; n < 64; n++) lateness.add(7000)
    const late = lateness.figures()
    assert.deepEqual([late.p50, late.current, late.max], [1, 7000, 7000])
    for (let n = 0; n < 40; n++) lateness.add(2)
    const well = lateness.figures()
    assert.deepEqual([well.current, well.max, well.started], [2, 7000, 9104])
  })
})
