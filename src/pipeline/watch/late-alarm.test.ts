import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { NewEvent } from '#core/event/event.ts'
import { inEnglish } from '#templates/said.ts'
import { createLateAlarm } from './late-alarm.ts'

const alarm = (told = false) => {
  let elapsed = 0
  const heard: NewEvent[] = []
  const late = createLateAlarm({
    now: () => 1e12 + elapsed,
    monotonic: () => elapsed,
    told,
    onLate: (event) => heard.push(event),
    onInTime: (event) => heard.push(event),
  })
  return {
    trouble: late.trouble,
    heard,
    statuses: () => heard.map(({ data }) => data.status),
    /** One note a second. */
    run: (secondsLong: number, p99: number, p50 = 0) => {
      for (let second = 0; second < secondsLong; second++) {
        late.note({ p50, p99 })
        elapsed += 1000
      }
    },
  }
}

describe('the alarm of late probes', () => {
  it('rings when they have been late for a minute, once, with when it began', () => {
    const { run, heard, trouble } = alarm()
    run(100, 3)
    run(60, 1400)
    assert.deepEqual([heard.length, trouble()], [0, undefined])
    run(100, 1400)
    assert.equal(heard.length, 1)
    const { at, receivedAt, type, source, data } = heard[0]!
    assert.deepEqual([at - 1e12, receivedAt - 1e12, type, source], [100_000, 160_000, 'vigia_late', 'vigia'])
    assert.equal(data.cause, 'one probe in a hundred begins more than 1.4 s late')
    assert.equal(inEnglish(trouble()!), 'one probe in a hundred begins more than 1.4 s late')
  })

  it('ends when none was for a minute, dated from the first good moment', () => {
    const { run, heard, statuses, trouble } = alarm()
    run(70, 2000)
    run(30, 100)
    // In between is neither: it does not ring anew, and it does not end.
    run(1, 700)
    run(60, 100)
    assert.deepEqual(statuses(), ['firing'])
    run(10, 100)
    assert.deepEqual(statuses(), ['firing', 'resolved'])
    assert.deepEqual([heard[1]!.at - 1e12, trouble()], [101_000, undefined])
  })

  it('is silent about a minute that is good now and then', () => {
    const { run, heard } = alarm()
    for (let turn = 0; turn < 20; turn++) {
      run(50, 5000)
      run(1, 400)
    }
    assert.deepEqual(heard, [])
  })

  it('that rang before a restart is ended after it', () => {
    const { run, statuses, trouble } = alarm(true)
    assert.ok(trouble())
    run(70, 1)
    assert.deepEqual(statuses(), ['resolved'])
  })

  it('calls it trouble at once when most probes are very late', () => {
    const { run, trouble } = alarm()
    run(1, 9000, 6000)
    assert.equal(inEnglish(trouble()!), 'probes begin 6 s late')
  })
})
