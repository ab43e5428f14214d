import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { State } from '#core/monitor.ts'
import type { Transition } from '#core/transition.ts'
import { manualClock } from '#lib/clock.ts'
import { createSightGate, type SightGate } from './sight-gate.ts'

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
    cause: '',
    facts: {},
  })

  beforeEach(() => {
    clock = manualClock(START)
    recorded = []
    told = []
    fails = true
    gate = createSightGate({
      policy: { witnesses: [WITNESS], blindIf: 1, holdMs: 30_000 },
      now: clock.now,
      record: (transitions) =>
        recorded.push(...transitions.map(({ from, to, since }) => `${from} ${to} ${since - START}`)),
      failedSince: () => fails,
      onBlind: () => told.push('blind'),
      onSight: () => told.push('sees'),
    })
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
    assert.deepEqual([recorded.at(-1), told], ['unknown down 181500', ['blind', 'sees']])
    gate.tick()
    assert.equal(recorded.length, 2)
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

  it('believes a verdict when no witness says anything for long', () => {
    clock.advance(1000)
    gate.take([change('up', 'down')])
    clock.advance(11_000)
    gate.tick()
    assert.deepEqual(recorded, ['up down 1000'])
  })
})
