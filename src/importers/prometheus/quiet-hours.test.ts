import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { quietHoursOf } from './quiet-hours.ts'

const times = (...pairs: readonly (readonly [string, string])[]) => ({
  times: pairs.map(([start_time, end_time]) => ({ start_time, end_time })),
})
const content = {
  time_intervals: [
    { name: 'day', time_intervals: [{ ...times(['07:00', '22:00']), location: 'America/Lima' }] },
    { name: 'night', time_intervals: [times(['22:00', '24:00'], ['00:00', '06:30'])] },
    { name: 'week', time_intervals: [{ weekdays: ['monday:friday'], ...times(['09:00', '17:00']) }] },
    { name: 'two', time_intervals: [times(['09:00', '10:00'], ['12:00', '13:00'])] },
    { name: 'odd', time_intervals: [times(['9', 'late'])] },
  ],
}

describe('time intervals of Alertmanager', () => {
  it('are quiet hours where each day is the same', () => {
    assert.deepEqual(quietHoursOf(content, { active_time_intervals: ['day'] }), {
      from: '22:00',
      to: '07:00',
      timeZone: 'America/Lima',
    })
    assert.deepEqual(quietHoursOf(content, { mute_time_intervals: ['night'] }), {
      from: '22:00',
      to: '06:30',
      timeZone: 'UTC',
    })
  })

  it('are named elsewhere', () => {
    for (const name of ['week', 'two', 'odd', 'absent'])
      assert.equal(quietHoursOf(content, { mute_time_intervals: [name] }), undefined, name)
    assert.equal(quietHoursOf(content, {}), undefined)
    assert.equal(quietHoursOf(content, { mute_time_intervals: ['day', 'night'] }), undefined)
  })
})
