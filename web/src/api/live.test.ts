import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { QueryClient } from '@tanstack/react-query'
import { type Change, patchCutOff, patchStates } from './live.ts'
import type { Monitor } from './types.ts'

const listed = (changes: readonly Change[]): readonly Monitor[] => {
  const client = new QueryClient()
  const monitors = [1, 2].map((id) => ({ id, name: `m${id}`, state: 'up', since: null, cause: null, code: null }))
  client.setQueryData(['monitors'], monitors)
  patchStates(client, changes)
  patchCutOff(client, changes)
  return client.getQueryData<readonly Monitor[]>(['monitors'])!
}

describe('live changes of state', () => {
  it('are written into the list, the last one for each monitor', () => {
    const [first, second] = listed([
      { kind: 'event', monitor: 1, state: 'down', since: 's1', cause: 'refused', code: 'refused' },
      { kind: 'event', monitor: 1, state: 'degraded', since: 's2', cause: 'slow', code: 'slow' },
    ])
    assert.deepEqual([first!.state, first!.since, first!.cause], ['degraded', 's2', 'slow'])
    assert.equal(second!.state, 'up')
  })

  it('of a kind that the list does not know change nothing', () => {
    const strange = { kind: 'event', monitor: 1, state: 'flapping' } as unknown as Change
    assert.equal(listed([strange, { kind: 'event', monitor: 9, state: 'down' }])[0]!.state, 'up')
    assert.equal(listed([{ kind: 'alert', monitor: null }])[0]!.state, 'up')
  })

  it('say who is cut off once all of them are in, and leave the others the objects that they are', () => {
    const fallen: readonly Change[] = [
      { kind: 'event', monitor: 1, state: 'down' },
      { kind: 'event', monitor: 2, state: 'down' },
      { kind: 'cut_off', monitors: [[2, [1]]] },
    ]
    const [root, behind] = listed(fallen)
    assert.deepEqual([root!.cut_off_by, behind!.cut_off_by], [undefined, [1]])
    assert.equal(listed([...fallen, { kind: 'cut_off', monitors: [] }])[1]!.cut_off_by, undefined)
    assert.equal(listed([...fallen, { kind: 'event', monitor: 2, state: 'up' }])[1]!.state, 'up')
  })
})
