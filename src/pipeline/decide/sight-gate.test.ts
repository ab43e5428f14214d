import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { State } from '#core/monitor/monitor.ts'
import type { Transition } from '#core/monitor/transition.ts'
import { manualClock } from '../../../test/fixtures/manual-clock.ts'
import { blindBefore, createSightGate, type Remains, type SightGate } from './sight-gate.ts'

const WITNESS = 1
const HOST = 7
const START = 1_000_000

describe('sight gate', () => {
  let clock: ReturnType<typeof manualClock>
  let gate: SightGate
  let recorded: string[]
  let told: string[]
  let fails: boolean

  const change = (from: State, to: State, since = clock.now()): Transition => ({
    monitorId: HOST,
    from,
    to,
    at: clock.now(),
    since,
    previousSince: START,
    code: to === 'down' ? 'timeout' : 'ok',
    cause: undefined,
    facts: {},
  })

  const gateOf = (before: Remains | undefined, policy = { witnesses: [WITNESS], blindIf: 1, holdMs: 30_000 }) =>
    createSightGate(
      {
        policy,
        now: clock.now,
        record: (transitions) =>
          recorded.push(...transitions.map(({ from, to, since }) => `${from} ${to} ${since - START}`)),
        failedSince: () => fails,
        onBlind: () => told.push('blind'),
        onSight: (_since, _at, fallen) => told.push(`sees ${fallen.join()}`),
      },
      before,
    )

  beforeEach(() => {
    clock = manualClock(START)
    recorded = []
    told = []
    fails = true
    gate = gateOf(undefined)
    gate.witness(WITNESS, true, clock.now())
  })

  it('lets an outage through once a witness has answered after it began', () => {
    clock.advance(1000)
    gate.take([change('up', 'down')])
    assert.deepEqual(recorded, [])
    clock.advance(1000)
    gate.witness(WITNESS, true, clock.now())
    assert.deepEqual(recorded, ['up down 1000'])
  })

  for (const by of [3_600_000, -3_600_000])
    it(`holds for as long as it would have, when the clock is set by ${by} ms meanwhile`, () => {
      clock.advance(1000)
      gate.witness(WITNESS, false, clock.now())
      gate.take([change('up', 'down')])
      clock.advance(180_000)
      gate.witness(WITNESS, true, clock.now())
      clock.advance(by)
      gate.shift(by)
      clock.advance(29_000)
      gate.tick()
      assert.equal(recorded.length, 1)
      clock.advance(2000)
      gate.tick()
      assert.equal(recorded.at(-1), `unknown down ${181_000 + by}`)
    })

  it('makes an outage unknown while we are blind, and an outage again if it still fails after sight returned', () => {
    clock.advance(1000)
    gate.take([change('up', 'down')])
    clock.advance(500)
    gate.witness(WITNESS, false, clock.now())
    assert.deepEqual([recorded, told], [['up unknown 1000'], ['blind']])
    clock.advance(180_000)
    gate.witness(WITNESS, true, clock.now())
    gate.tick()
    assert.equal(recorded.length, 1)
    clock.advance(31_000)
    gate.tick()
    assert.deepEqual([recorded.at(-1), told], ['unknown down 181500', ['blind', `sees ${HOST}`]])
    gate.tick()
    assert.equal(recorded.length, 2)
  })

  it('tells the end once failures count again, with what fails of what fell; darkness before that is the same one', () => {
    gate.witness(WITNESS, false, clock.now())
    gate.take([change('up', 'down')])
    clock.advance(60_000)
    gate.witness(WITNESS, true, clock.now())
    clock.advance(20_000)
    gate.tick()
    gate.witness(WITNESS, false, clock.now())
    clock.advance(10_000)
    gate.witness(WITNESS, true, clock.now())
    clock.advance(29_000)
    gate.tick()
    assert.deepEqual(told, ['blind'])
    clock.advance(1000)
    gate.tick()
    gate.tick()
    assert.deepEqual(told, ['blind', `sees ${HOST}`])
  })

  it('one that takes its place goes on where it was, with what was hidden', () => {
    gate.witness(WITNESS, false, clock.now())
    gate.take([change('up', 'down')])
    gate = gateOf(gate.remains())
    clock.advance(60_000)
    gate.tick()
    gate.witness(WITNESS, false, clock.now())
    assert.deepEqual(told, ['blind'])
    gate.witness(WITNESS, true, clock.now())
    clock.advance(31_000)
    gate.tick()
    assert.deepEqual([recorded.at(-1), told], ['unknown down 60000', ['blind', `sees ${HOST}`]])
  })

  it('one that begins blind says so no second time, and sees when enough witnesses answer', () => {
    const witnesses = [WITNESS, WITNESS + 1]
    gate = gateOf(blindBefore(START), { witnesses, blindIf: 2, holdMs: 30_000 })
    clock.advance(5000)
    gate.witness(WITNESS, false, clock.now())
    gate.tick()
    gate.witness(WITNESS + 1, true, clock.now())
    clock.advance(31_000)
    gate.tick()
    assert.deepEqual(told, ['sees '])
  })

  it('a bad line is told once its window holds nothing of the blindness any more', () => {
    gate.witness(WITNESS, false, clock.now())
    gate.take([{ ...change('up', 'degraded'), facts: { over_ms: 60_000 } }])
    fails = false
    clock.advance(20_000)
    gate.witness(WITNESS, true, clock.now())
    clock.advance(89_000)
    gate.tick()
    assert.deepEqual(recorded, ['up unknown 0'])
    clock.advance(1000)
    gate.tick()
    assert.deepEqual(recorded, ['up unknown 0', 'unknown degraded 20000'])
  })

  it('a host that comes back with our sight was never down', () => {
    gate.witness(WITNESS, false, clock.now())
    gate.take([change('up', 'down')])
    clock.advance(60_000)
    gate.witness(WITNESS, true, clock.now())
    fails = false
    clock.advance(20_000)
    gate.take([change('down', 'up')])
    clock.advance(60_000)
    gate.tick()
    assert.deepEqual(recorded, ['up unknown 0', 'unknown up 80000'])
  })

  const TWICE: readonly (readonly [states: readonly [State, State, State], recorded: readonly string[]])[] = [
    [['up', 'down', 'up'], []],
    [['up', 'down', 'degraded'], ['up degraded 2000']],
    [['degraded', 'down', 'up'], ['degraded up 2000']],
    [['unknown', 'down', 'up'], ['unknown up 2000']],
  ]
  for (const [states, expected] of TWICE)
    it(`takes ${states.join(', ')} before a witness answers for one change of what is recorded`, () => {
      clock.advance(1000)
      gate.take([change(states[0], states[1])])
      clock.advance(1000)
      gate.take([change(states[1], states[2])])
      gate.witness(WITNESS, true, clock.now())
      assert.deepEqual(recorded, expected)
    })

  it('knows whose change it keeps back', () => {
    clock.advance(1000)
    gate.take([change('up', 'down')])
    assert.deepEqual([gate.holds(HOST), gate.holds(WITNESS), gate.blindSince()], [true, false, null])
    gate.witness(WITNESS, false, clock.now())
    assert.deepEqual([gate.holds(HOST), gate.blindSince()], [true, clock.now()])
    gate.take([change('down', 'up')])
    assert.equal(gate.holds(HOST), false)
  })

  it('believes a verdict when no witness says anything for long', () => {
    clock.advance(1000)
    gate.take([change('up', 'down')])
    clock.advance(11_000)
    gate.tick()
    assert.deepEqual(recorded, ['up down 1000'])
  })
})
