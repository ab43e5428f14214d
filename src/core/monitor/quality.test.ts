import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { simulate, simulationTable } from '../../../evaluation/quality-simulation.ts'
import type { QualityBounds } from './monitor.ts'
import { createQuality, type Quality } from './quality.ts'

const NONE = Number.NaN
const MINUTE = 60_000
const LOSS = { overMs: 5 * MINUTE, begin: { loss: 0.05 }, clear: { loss: 0.02 } }

const watch = (begin: QualityBounds, clear: QualityBounds = begin) =>
  createQuality({ overMs: 5 * MINUTE, begin, clear }, { retryMs: 5000 })

/** Rounds of one kind, each as soon as the quality wants it, until a verdict or the end. Returns the verdict and when. */
const until = (quality: Quality, from: number, to: number, round: (turn: number) => readonly number[]) => {
  for (let at = from, turn = 0; at < to; at += quality.inDoubt() ? 5000 : MINUTE, turn++) {
    const rtts = round(turn)
    const verdict = quality.observe(at, rtts, rtts.length)
    if (verdict !== 'unchanged') return { verdict, at }
  }
  return { verdict: 'unchanged', at: to }
}

const clean = () => [10, 11, 10, 12, 10]
const lossy = () => [10, NONE, 10, 12, 10]

describe('quality over a window', () => {
  it('says nothing of a way that loses nothing, and looks at its usual pace', () => {
    const quality = createQuality(LOSS, { retryMs: 5000 })
    assert.equal(until(quality, 0, 60 * MINUTE, clean).verdict, 'unchanged')
    assert.equal(quality.inDoubt(), false)
  })

  it('looks closer after a lost packet, and no more when others come back', () => {
    const quality = createQuality(LOSS, { retryMs: 5000 })
    quality.observe(0, lossy(), 5)
    assert.equal(quality.inDoubt(), true)
    let quick = 0
    for (let at = 5000; quality.inDoubt() && quick < 100; at += 5000, quick++) quality.observe(at, clean(), 5)
    assert.ok(quick > 5 && quick < 25, String(quick))
  })

  it('tells steady loss with its figures and when it began, and its end when enough packets tell', () => {
    const quality = createQuality(LOSS, { retryMs: 5000 })
    until(quality, 0, 10 * MINUTE, clean)
    const told = until(quality, 10 * MINUTE, 20 * MINUTE, lossy)
    assert.equal(told.verdict, 'bad')
    assert.ok(told.at - 10 * MINUTE < 4 * MINUTE, String(told.at))
    assert.equal(quality.measure(), 'loss')
    assert.equal(quality.since(), 10 * MINUTE)
    const { sent, lost, loss } = quality.figures()
    assert.ok(lost >= 6 && sent > 30 && loss === lost / sent)
    assert.equal(until(quality, told.at + 5000, told.at + 20 * MINUTE, lossy).verdict, 'unchanged')
    const from = told.at + 30 * MINUTE
    const ended = until(quality, from, from + 20 * MINUTE, clean)
    assert.equal(ended.verdict, 'good')
    assert.equal(quality.since(), from)
  })

  it('does not call one short burst loss, whatever it takes with it', () => {
    const quality = createQuality(LOSS, { retryMs: 5000 })
    until(quality, 0, 10 * MINUTE, clean)
    const burst = (turn: number) => (turn < 4 ? [NONE, NONE, 10, NONE, NONE] : clean())
    assert.equal(until(quality, 10 * MINUTE, 40 * MINUTE, burst).verdict, 'unchanged')
  })

  it('gives doubt that does not end a rest', () => {
    const quality = createQuality(LOSS, { retryMs: 5000 })
    let quick = 0
    let at = 0
    // One packet in twenty, at the bound itself: it can never be certain.
    for (let turn = 0; at < 24 * 60 * MINUTE; turn++) {
      assert.equal(quality.observe(at, turn % 4 === 0 ? lossy() : clean(), 5), 'unchanged')
      if (quality.inDoubt()) quick++
      at += quality.inDoubt() ? 5000 : MINUTE
    }
    assert.ok(quick > 0 && quick * 5000 < at * 0.6, `${quick}`)
  })

  it('tells a 95th percentile when at least 5 in 100 answers take so long, not for a few', () => {
    const slow = watch({ rttP95Ms: 80 }, { rttP95Ms: 60 })
    assert.equal(until(slow, 0, 10 * MINUTE, () => [90, 95, 90, 91, 92]).verdict, 'bad')
    assert.equal(slow.measure(), 'rttP95Ms')
    assert.equal(Math.round(slow.figures().rttP95Ms), 95)
    // Below the bound, but not below where it clears.
    assert.equal(until(slow, 10 * MINUTE, 60 * MINUTE, () => [70, 70, 70, 70, 70]).verdict, 'unchanged')
    assert.equal(until(slow, 60 * MINUTE, 90 * MINUTE, () => [50, 50, 50, 50, 50]).verdict, 'good')
    const few = watch({ rttP95Ms: 80 })
    assert.equal(
      until(few, 0, 600 * MINUTE, (turn) => (turn % 20 === 0 ? [90, 10, 10, 10, 10] : clean())).verdict,
      'unchanged',
    )
  })

  it('tells jitter, of rounds of one packet as well', () => {
    const jitter = watch({ jitterMs: 30 }, { jitterMs: 20 })
    assert.equal(until(jitter, 0, 10 * MINUTE, () => [10, 60, 10, 60, 10]).verdict, 'bad')
    assert.equal(jitter.measure(), 'jitterMs')
    assert.equal(jitter.figures().jitterMs, 50)
    assert.equal(until(jitter, 20 * MINUTE, 40 * MINUTE, clean).verdict, 'good')
    const single = watch({ jitterMs: 30 })
    assert.equal(until(single, 0, 30 * MINUTE, (turn) => [turn % 2 === 0 ? 10 : 60]).verdict, 'bad')
  })

  it('goes on poor after a restart until packets tell otherwise', () => {
    const quality = createQuality(LOSS, { retryMs: 5000, bad: true })
    assert.equal(quality.observe(0, clean(), 5), 'unchanged')
    assert.equal(quality.inDoubt(), true)
    assert.equal(until(quality, 5000, 5 * MINUTE, clean).verdict, 'good')
  })

  it('ends also where too few packets come to be certain', () => {
    const quality = createQuality(LOSS, { retryMs: MINUTE, bad: true })
    assert.equal(until(quality, 0, 30 * MINUTE, () => [10]).verdict, 'good')
  })

  it('forgets what it saw when told to, or when the clock is set back', () => {
    const quality = createQuality(LOSS, { retryMs: 5000 })
    quality.observe(10 * MINUTE, lossy(), 5)
    quality.observe(9 * MINUTE, clean(), 5)
    assert.deepEqual([quality.figures().sent, quality.figures().lost], [5, 0])
    quality.reset()
    assert.equal(quality.figures().sent, 0)
  })

  it('adds up what the window holds, whatever comes and however long', () => {
    const round = fc.record({
      wait: fc.integer({ min: 0, max: 90_000 }),
      rtts: fc.array(fc.oneof(fc.double({ min: 0, max: 5000, noNaN: true }), fc.constant(NONE)), { maxLength: 12 }),
    })
    fc.assert(
      fc.property(fc.array(round, { maxLength: 300 }), (rounds) => {
        const begin = { loss: 0.1, rttP95Ms: 100, jitterMs: 50 }
        const quality = createQuality({ overMs: 5 * MINUTE, begin, clear: begin }, { retryMs: 5000 })
        const kept: { at: number; rtts: number[] }[] = []
        let at = 0
        let before = 'good'
        for (const { wait, rtts } of rounds) {
          at += wait
          const verdict = quality.observe(at, rtts, rtts.length)
          assert.ok(verdict === 'unchanged' || verdict !== before)
          if (verdict !== 'unchanged') before = verdict
          if (rtts.length > 0) kept.push({ at, rtts })
        }
        // A round without packets is none: the window ends at the newest that had some.
        const end = kept.at(-1)?.at ?? 0
        const held = kept.filter((one) => one.at > end - 5 * MINUTE).slice(-61)
        const packets = held.flatMap(({ rtts }) => rtts)
        const { sent, lost, rttP95Ms } = quality.figures()
        assert.equal(sent, packets.length)
        assert.equal(lost, packets.filter(Number.isNaN).length)
        assert.ok(sent > lost ? rttP95Ms >= 0 : Number.isNaN(rttP95Ms))
      }),
      { numRuns: 100 },
    )
  })
})

describe('the rule of loss, simulated', () => {
  it('holds its figures for false alarms and for telling', (context) => {
    const rows = simulate({ months: 15, runs: 1000 })
    context.diagnostic(`\n${simulationTable(rows)}`)
    assert.deepEqual(
      rows.filter(({ holds }) => !holds),
      [],
    )
  })
})
