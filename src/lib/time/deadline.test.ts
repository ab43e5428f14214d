import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { createDeadline } from './deadline.ts'

describe('deadline', () => {
  it('ends by itself and says that it was the time', async () => {
    const deadline = createDeadline(1, new AbortController().signal)
    await once(deadline.signal, 'abort')
    assert.equal(deadline.timedOut(), true)
    assert.equal(deadline.signal.reason.name, 'TimeoutError')
  })

  it('ends with the other signal, for its reason', () => {
    const parent = new AbortController()
    const deadline = createDeadline(60_000, parent.signal)
    parent.abort('enough')
    assert.deepEqual([deadline.signal.aborted, deadline.signal.reason, deadline.timedOut()], [true, 'enough', false])
    deadline.clear()
  })

  it('has ended already where the other signal has', () => {
    const deadline = createDeadline(60_000, AbortSignal.abort('long ago'))
    assert.equal(deadline.signal.reason, 'long ago')
    deadline.clear()
  })

  it('hears of nothing once it is cleared', () => {
    const parent = new AbortController()
    const deadline = createDeadline(60_000, parent.signal)
    deadline.clear()
    parent.abort()
    assert.equal(deadline.signal.aborted, false)
  })
})
