import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Account, type Expected, judge } from './judge.ts'
import type { Told } from './messages.ts'
import { createTruth } from './truth.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const START = Date.UTC(2030, 0, 1)

const told = (channel: Told['channel'], at: number, title: string): Told => ({
  channel,
  reader: 'steady',
  at: START + at,
  title,
  text: '',
})
const both = (at: number, title: string) => [told('mail', at, title), told('chat', at, title)]

const at = (time: number) => ({ from: START + time, to: START + time })

/** POP-01 is down from minute 1 to minute 6. */
const expected = (changes: Partial<Expected> = {}): Expected => {
  const truth = createTruth()
  truth.cut(['POP-01', 'cpe-01-01'], at(MINUTE))
  truth.mended(['POP-01', 'cpe-01-01'], at(6 * MINUTE))
  return {
    name: 'a pop',
    span: { from: START, to: START + 20 * MINUTE },
    perfect: { mail: 2, chat: 2 },
    causes: [{ name: 'POP-01', words: /\bPOP-01\b/, at: START + MINUTE, mostSeconds: 82 }],
    truth,
    planned: false,
    backAt: null,
    ...changes,
  }
}

const verdict = (monitor: string, state: string, at: number) => ({ monitor, state, since: START + at })
const flawless: Account = {
  told: [...both(90 * SECOND, 'DOWN POP-01'), ...both(7 * MINUTE, 'RECOVERED POP-01')],
  verdicts: ['POP-01', 'cpe-01-01'].flatMap((name) => [
    verdict(name, 'down', 70 * SECOND),
    verdict(name, 'up', 6 * MINUTE + 9 * SECOND),
  ]),
  states: new Map([
    ['POP-01', 'up'],
    ['cpe-01-01', 'up'],
  ]),
  downMs: new Map([['POP-01', 5 * MINUTE]]),
}
const judged = (changes: Partial<Account>, other: Partial<Expected> = {}) =>
  judge({ ...flawless, ...changes }, expected(other))

describe('the judge of the drill', () => {
  it('finds nothing where there is nothing', () => {
    const row = judged({})
    assert.deepEqual(row.faults, [])
    assert.deepEqual([row.messages, row.perfect, row.seconds_to_tell, row.holds], [2, 2, 30, true])
  })

  it('counts what was said too often on the channel that got the most of it', () => {
    const row = judged({ told: [...flawless.told, told('chat', 8 * MINUTE, 'RECOVERED cpe-01-01')] })
    assert.deepEqual([row.messages, row.perfect, row.holds], [3, 2, false])
  })

  it('forgives a server that was killed what it tells once more', () => {
    const twice = [...flawless.told, told('chat', 120 * SECOND, 'DOWN POP-01')].toSorted((a, b) => a.at - b.at)
    const row = judged({ told: twice }, { backAt: START + 100 * SECOND })
    assert.deepEqual([row.messages, row.perfect, row.faults], [3, 2, []])
    assert.equal(judged({ told: twice }).holds, false)
    const thrice = [...twice, told('chat', 130 * SECOND, 'DOWN POP-01')].toSorted((a, b) => a.at - b.at)
    assert.equal(judged({ told: thrice }, { backAt: START + 100 * SECOND }).holds, false)
    const other = twice.map((one) => (one.at === START + 120 * SECOND ? { ...one, title: 'DOWN cpe-01-01' } : one))
    assert.equal(judged({ told: other }, { backAt: START + 100 * SECOND }).holds, false)
  })

  it('counts a cause as hidden that one channel did not tell', () => {
    const row = judged({ told: flawless.told.filter(({ channel }) => channel === 'mail') })
    assert.deepEqual([row.hidden, row.holds], [1, false])
    assert.equal(judged({ told: [] }).seconds_to_tell, null)
  })

  it('a message from before the break tells nothing of it', () => {
    assert.equal(judged({ told: both(30 * SECOND, 'RECOVERED POP-01') }).hidden, 1)
  })

  it('good news of another tells nothing of it', () => {
    const named = both(2 * MINUTE, 'RECOVERED POP-02').map((one) => ({ ...one, text: 'Still down: POP-01' }))
    assert.equal(judged({ told: named }).hidden, 1)
    assert.equal(judged({ told: both(10 * MINUTE, 'SUMMARY POP-01 · 1 recovered') }).hidden, 0)
  })

  it('says when it was told late, and counts for a dead server from when it is back', () => {
    const late = [...both(3 * MINUTE, 'DOWN POP-01'), ...both(7 * MINUTE, 'RECOVERED POP-01')]
    assert.deepEqual(judged({ told: late }).faults, ['POP-01 was told after 120 s, not 82'])
    assert.equal(judged({ told: late }, { backAt: START + 100 * SECOND }).holds, true)
  })

  it('counts verdicts that were not so, either way', () => {
    const verdicts = [...flawless.verdicts, verdict('POP-02', 'down', 2 * MINUTE), verdict('POP-01', 'up', 3 * MINUTE)]
    assert.equal(judged({ verdicts }).wrong, 2)
  })

  it('counts what was never found down, and what never came back', () => {
    assert.equal(judged({ verdicts: flawless.verdicts.slice(0, 2) }).wrong, 1)
    assert.equal(judged({ states: new Map([['POP-01', 'down']]) }).wrong, 1)
  })

  it('counts a message about something that was well', () => {
    const row = judged({ told: [...flawless.told, told('mail', 2 * MINUTE, 'DOWN POP-02 · 02:00')] })
    assert.equal(row.wrong, 1)
  })

  it('charges what was not true, beyond one look after the recovery', () => {
    assert.equal(judged({ downMs: new Map([['POP-01', 5 * MINUTE + 15 * SECOND]]) }).minutes_charged, 0)
    assert.equal(judged({ downMs: new Map([['POP-01', 8 * MINUTE]]) }).minutes_charged, 2.8)
    assert.equal(judged({ downMs: new Map([['POP-02', 2 * MINUTE]]) }).minutes_charged, 2)
    const flapping = createTruth()
    for (const minute of [1, 2.5, 4]) {
      flapping.cut(['POP-01'], at(minute * MINUTE))
      flapping.mended(['POP-01'], at((minute + 1) * MINUTE))
    }
    const downMs = new Map([['POP-01', 4 * MINUTE]])
    assert.equal(
      judged({ downMs }, { truth: flapping }).minutes_charged,
      0,
      'half a minute between outages is not seen',
    )
    assert.equal(judged({}, { planned: true }).minutes_charged, 5)
  })
})

describe('the truth of the drill', () => {
  it('is cut off as long as any of two faults lasts', () => {
    const truth = createTruth()
    truth.cut(['a'], at(1))
    truth.cut(['a', 'b'], at(2))
    truth.mended(['a'], at(3))
    assert.equal(truth.outages('a')[0]!.to, Number.POSITIVE_INFINITY)
    truth.mended(['a', 'b'], at(4))
    const ends = (name: string) => truth.outages(name).map(({ from, to }) => [from - START, to - START])
    assert.deepEqual(ends('a'), [[1, 4]])
    assert.deepEqual(ends('b'), [[2, 4]])
    truth.cut(['a'], at(9))
    assert.equal(truth.outages('a').length, 2)
    assert.deepEqual(truth.outages('c'), [])
    assert.deepEqual(truth.names(), ['a', 'b'])
  })

  it('is sure of nothing while a fault is being made or mended', () => {
    const truth = createTruth()
    truth.cut(['a'], { from: 10, to: 15 })
    truth.mended(['a'], { from: 50, to: 58 })
    assert.deepEqual(truth.outages('a'), [{ from: 10, to: 58, sure: { from: 15, to: 50 } }])
  })
})
