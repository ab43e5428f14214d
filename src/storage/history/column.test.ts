import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { BitReader, BitWriter } from './bits.ts'
import { readColumn, writeColumn } from './column.ts'

const MOST = 2 ** 50
const bytesOf = (values: readonly number[]) => {
  const writer = new BitWriter()
  writeColumn(writer, values)
  return writer.bytes().length
}

describe('a column of numbers', () => {
  it('comes back whatever it holds, with others before and after it', () => {
    const value = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer(), fc.integer({ min: -MOST, max: MOST }))
    const column = fc.oneof(
      fc.array(value, { maxLength: 60 }),
      fc
        .array(fc.tuple(value, fc.nat(40)), { maxLength: 6 })
        .map((runs) => runs.flatMap(([one, times]) => new Array<number>(times).fill(one))),
    )
    fc.assert(
      fc.property(fc.array(column, { maxLength: 4 }), (columns) => {
        const writer = new BitWriter()
        for (const one of columns) writeColumn(writer, one)
        const reader = new BitReader(writer.bytes())
        for (const one of columns) assert.deepEqual(readColumn(reader, one.length), one)
      }),
    )
  })

  it('takes next to nothing where all are equal, and little where they lie close', () => {
    assert.ok(bytesOf(new Array<number>(1000).fill(60_000)) <= 8)
    const near = Array.from({ length: 1000 }, (_, index) => 60_000 + ((index * 7919) % 8) - 4)
    assert.ok(bytesOf(near) < 600, `${bytesOf(near)} bytes`)
    // One pause among steady steps costs a few bytes, not a wider code for all.
    assert.ok(bytesOf(near.with(500, 3_600_000)) < 620)
  })
})
