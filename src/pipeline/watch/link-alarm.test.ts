import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import { inEnglish } from '#templates/said.ts'
import { manualClock } from '../../../test/fixtures/manual-clock.ts'
import { createLinkAlarm } from './link-alarm.ts'

const START = 1_000_000
const CUT = 'no network interface of this machine has a link (eth0)'

const alarm = (blindSince: number | null = null) => {
  const clock = manualClock(START)
  const told: string[] = []
  const links = createLinkAlarm({
    now: clock.now,
    blindSince,
    onCut: (since, reason) => told.push(`cut off ${since - START}: ${inEnglish(reason)}`),
    onLink: (since, returnedAt) => told.push(`back ${since - START} ${returnedAt - START}`),
  })
  /** One note a second. */
  const run = (seconds: number, reason?: string) => {
    for (let second = 0; second < seconds; second++) {
      links.note(reason === undefined ? undefined : because('as_said', { words: reason }))
      clock.advance(1000)
    }
  }
  return { run, told, blindSince: links.blindSince }
}

describe('the alarm of links', () => {
  it('says nothing while there is a link', () => {
    const { run, told, blindSince } = alarm()
    run(100)
    assert.deepEqual([told, blindSince()], [[], null])
  })

  it('tells once that there is none, and the return when it has held, dated from its first moment', () => {
    const { run, told, blindSince } = alarm()
    run(10)
    run(60, CUT)
    assert.deepEqual([told, blindSince()], [[`cut off 10000: ${CUT}`], START + 10_000])
    run(30)
    assert.equal(told.length, 1)
    run(60)
    assert.deepEqual([told.slice(1), blindSince()], [['back 10000 70000'], null])
  })

  it('a link that goes again before that is the same blindness', () => {
    const { run, told } = alarm()
    for (let turn = 0; turn < 5; turn++) {
      run(20, CUT)
      run(20)
    }
    assert.equal(told.length, 1)
    run(20)
    assert.deepEqual(told.slice(1), ['back 0 180000'])
  })

  it('ends what was told before a restart', () => {
    const { run, told } = alarm(START - 5000)
    run(5, CUT)
    run(31)
    assert.deepEqual(told, ['back -5000 5000'])
  })
})
