import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { foldTransitions } from './fold-transitions.ts'
import type { State } from './monitor.ts'
import type { Transition } from './transition.ts'

const change = (monitorId: number, from: State, to: State, since: number, previousSince: number): Transition => ({
  monitorId,
  from,
  to,
  at: since,
  since,
  previousSince,
  code: to === 'down' ? 'refused' : 'ok',
  cause: undefined,
  facts: {},
})

describe('changes of state that are folded', () => {
  it('keep where a monitor stood before and where it stands now', () => {
    const folded = foldTransitions([
      change(1, 'up', 'down', 10, 1),
      change(2, 'up', 'down', 11, 2),
      change(1, 'down', 'up', 20, 10),
      change(1, 'up', 'degraded', 30, 20),
    ])
    assert.deepEqual(folded, [change(2, 'up', 'down', 11, 2), change(1, 'up', 'degraded', 30, 1)])
  })

  it('are none of a monitor that is back where it was', () => {
    assert.deepEqual(foldTransitions([change(1, 'up', 'down', 10, 1), change(1, 'down', 'up', 20, 10)]), [])
  })
})
