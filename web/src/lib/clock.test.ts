import assert from 'node:assert/strict'
import { afterEach, describe, it, mock } from 'node:test'
import { clockAhead, hearServerTime, now } from './clock.ts'

const SERVER = Date.UTC(2026, 5, 1, 12)
const date = new Date(SERVER).toUTCString()

describe('clock', () => {
  afterEach(() => mock.timers.reset())

  it('goes by the server where the browser is wrong', () => {
    mock.timers.enable({ apis: ['Date'], now: SERVER + 7_200_000 })
    hearServerTime(date)
    assert.equal(clockAhead(), 7_200_000)
    assert.equal(now(), SERVER)
  })

  it('leaves a small difference and a header that tells no time alone', () => {
    mock.timers.enable({ apis: ['Date'], now: SERVER + 2000 })
    hearServerTime(date)
    assert.equal(now(), SERVER + 2000)
    hearServerTime(null)
    hearServerTime('soon')
    assert.equal(now(), SERVER + 2000)
  })
})
