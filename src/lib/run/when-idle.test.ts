import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { whenIdle } from './when-idle.ts'

describe('work for a quiet moment', () => {
  let busy = 0
  let done = 0
  const begin = () =>
    whenIdle(() => done++, { afterMs: 5000, utilization: () => ({ idle: 0, active: 0, utilization: busy }) })

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    done = 0
  })
  afterEach(() => mock.timers.reset())

  it('is done once, when little happens', () => {
    busy = 0.01
    begin()
    mock.timers.tick(5000)
    assert.equal(done, 0, 'it is watched first')
    mock.timers.tick(1000)
    mock.timers.tick(120_000)
    assert.equal(done, 1)
  })

  it('waits while much is asked for', () => {
    busy = 0.6
    begin()
    for (let second = 0; second < 60; second++) mock.timers.tick(1000)
    assert.equal(done, 0)
    busy = 0
    for (let second = 0; second < 12; second++) mock.timers.tick(1000)
    assert.equal(done, 1)
  })

  it('is given up', () => {
    busy = 0
    begin()()
    mock.timers.tick(120_000)
    assert.equal(done, 0)
  })
})
