import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRunningSet, type Startable } from './running-set.ts'

describe('running set', () => {
  const said: string[] = []
  const one = (marker: string): Startable => ({
    marker,
    start: async () => {
      said.push(`start ${marker}`)
      return async () => {
        await Promise.resolve()
        said.push(`stop ${marker}`)
      }
    },
  })

  it('leaves alone what is unchanged, and ends the old before the new begins', async () => {
    const set = createRunningSet()
    await set.sync(
      new Map([
        ['a', one('a1')],
        ['b', one('b1')],
      ]),
    )
    await set.sync(
      new Map([
        ['a', one('a1')],
        ['b', one('b2')],
        ['c', one('c1')],
      ]),
    )
    assert.deepEqual(said.splice(0), ['start a1', 'start b1', 'stop b1', 'start b2', 'start c1'])
    await set.sync(new Map([['c', one('c1')]]))
    assert.deepEqual(said.splice(0), ['stop a1', 'stop b2'])
    const late = set.sync(new Map([['d', one('d1')]]))
    await set.stop()
    await late
    await set.sync(new Map([['e', one('e1')]]))
    assert.deepEqual(said.splice(0), ['stop c1'])
  })

  it('goes on after something that does not start', async () => {
    const set = createRunningSet()
    const broken = { marker: 'x', start: () => Promise.reject(new Error('broken')) }
    await assert.rejects(set.sync(new Map([['x', broken]])), /broken/)
    await set.sync(new Map([['y', one('y1')]]))
    assert.deepEqual(said.splice(0), ['start y1'])
    await set.stop()
  })
})
