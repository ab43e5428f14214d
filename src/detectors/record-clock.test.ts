import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { conn } from '../../test/fixtures/zeek-records.ts'
import { createRecordClock } from './record-clock.ts'

const DAY_S = 86_400

describe('the record clock', () => {
  it('lets records pass, and goes only forward', () => {
    const clock = createRecordClock()
    for (const at of [0, 10, 5]) assert.equal(clock.admit(conn(at)).length, 1)
    assert.equal(clock.now(), conn(10).timeMs)
  })

  it('one line of another year does not move it; a second one does, and both are read', () => {
    const clock = createRecordClock()
    clock.admit(conn(0))
    assert.deepEqual(clock.admit(conn(900 * DAY_S)), [])
    assert.equal(clock.admit(conn(1)).length, 1)
    assert.equal(clock.now(), conn(1).timeMs)
    assert.equal(clock.stray(), 1)
    assert.equal(clock.admit(conn(900 * DAY_S + 5)).length, 2)
    assert.equal(clock.now(), conn(900 * DAY_S + 5).timeMs)
  })

  it('leaves out what is more than a day late, until the clock was plainly set back', () => {
    const clock = createRecordClock()
    clock.admit(conn(10 * DAY_S))
    for (let index = 0; index < 999; index++) assert.deepEqual(clock.admit(conn(index)), [])
    assert.equal(clock.admit(conn(1000)).length, 1)
    assert.equal(clock.now(), conn(1000).timeMs)
  })

  it('a long connection is of the time at which it ended', () => {
    const clock = createRecordClock()
    clock.admit(conn(0, { durationMs: 100_000 }))
    assert.equal(clock.now(), conn(100).timeMs)
  })
})
