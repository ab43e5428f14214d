import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openFilesLimit, socketsWithin } from './descriptors.ts'

describe('descriptors', () => {
  it('are shared with what is not a probe', () => {
    assert.deepEqual(
      [socketsWithin(8192, 2, 4096), socketsWithin(8192, 2, 1_000_000), socketsWithin(1024, 10, 90)],
      [2016, 8192, 2],
    )
    assert.deepEqual(
      [socketsWithin(10, 2, undefined), socketsWithin(10, 2, 1), socketsWithin(10, 2, Infinity)],
      [10, 1, 10],
    )
  })

  it('are counted where the system tells', { skip: process.platform !== 'linux' && 'needs Linux' }, () => {
    assert.ok(openFilesLimit()! > 0)
  })
})
