import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemTimers as timers } from './timers.ts'

describe('timers of the system', () => {
  it('call once, again and again, and not when they were cleared', async () => {
    const calls: string[] = []
    const gone = timers.after(1, () => calls.push('gone'))
    timers.clear(gone)
    timers.clear(undefined)
    await new Promise<void>((resolve) => {
      const again = timers.every(1, () => {
        if (calls.push('again') < 3) return
        timers.clear(again)
        timers.after(5, resolve)
      })
    })
    assert.deepEqual(calls, ['again', 'again', 'again'])
  })

  it('pause until the time is over or the signal ends, without an error', async () => {
    await timers.pause(1)
    await timers.pause(3_600_000, { signal: AbortSignal.abort() })
    const ending = new AbortController()
    const paused = timers.pause(3_600_000, { signal: ending.signal, ref: false })
    ending.abort()
    await paused
  })

  it('give what waits its turn', async () => {
    const calls: string[] = []
    timers.soon(() => calls.push('soon'))
    calls.push('now')
    await timers.turn()
    assert.deepEqual(calls, ['now', 'soon'])
  })
})
