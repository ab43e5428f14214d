import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '#lib/time/clock.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { StorageError } from '#storage/storage-error.ts'
import { inEnglish } from '#templates/said.ts'
import { createPersistence } from './persistence.ts'

const systems = { clock: systemClock, timers: systemTimers }
const full = new StorageError('full', 'the disk is full.')

describe('a store that refuses', () => {
  it('is asked again until it takes what waits, and says so once each way', async () => {
    const changes: (string | undefined)[] = []
    const { write, trouble } = createPersistence({
      onChange: (change) => changes.push(change && inEnglish(change)),
      signal: new AbortController().signal,
      ...systems,
    })
    let refusals = 1
    const written = write(async () => {
      if (refusals-- > 0) throw full
      return 'written'
    })
    await new Promise(setImmediate)
    assert.equal(inEnglish(trouble()!), 'the disk is full.')
    assert.equal(await written, 'written')
    assert.deepEqual(changes, ['the disk is full.', undefined])
  })

  it('a bug is not waited for, and the end ends the waiting', async () => {
    const ending = new AbortController()
    const { write } = createPersistence({ onChange: () => {}, signal: ending.signal, ...systems })
    await assert.rejects(
      write(() => Promise.reject(new TypeError('a bug'))),
      TypeError,
    )
    const waiting = assert.rejects(
      write(() => Promise.reject(full)),
      StorageError,
    )
    ending.abort()
    await waiting
  })
})
