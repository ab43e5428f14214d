import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { initialState, noteQuality, type StatePolicy } from '#core/monitor/state.ts'
import type { Transition } from '#core/monitor/transition.ts'
import type { ErrorCode, ResultMetrics } from '#core/result/result.ts'
import { inEnglish } from '#templates/said.ts'
import { observeQuality, qualityOf, withQuality } from './quality-watch.ts'

const window = { overMs: 300_000, begin: { loss: 0.1 }, clear: { loss: 0.05 } }
const policy: StatePolicy = {
  failures: { count: 3, of: 3 },
  successes: { count: 3, of: 3 },
  intervalMs: 60_000,
  retryIntervalMs: 5000,
  recoveryIntervalMs: 15_000,
  resetFailures: 'never',
  degraded: { latencyMs: 200, window },
}

const seen = (code: ErrorCode, latencyMs: number, metrics?: ResultMetrics) => {
  const quality = qualityOf(policy, false)!
  observeQuality(quality, 0, code, latencyMs, metrics)
  const { sent, lost } = quality.figures()
  return `${lost}/${sent}`
}

const change = (changes: Partial<Transition>): Transition => ({
  monitorId: 1,
  from: 'up',
  to: 'degraded',
  at: 10,
  since: 5,
  previousSince: 0,
  code: 'ok',
  cause: undefined,
  facts: { latencyMs: 250.4, loss: 0.2 },
  ...changes,
})

describe('what a result tells of the quality', () => {
  it('is the packets of a round, and only as many as were sent', () => {
    const rtts = Float64Array.of(10, Number.NaN, 12, 99, 99)
    assert.equal(seen('ok', 11, { loss: 1 / 3, sent: 3, rtts }), '1/3')
    assert.equal(seen('timeout', Number.NaN, { loss: 1, sent: 2, rtts: [Number.NaN, Number.NaN] }), '2/2')
  })

  it('is the answer itself where packets are not counted', () => {
    assert.equal(seen('ok', 11), '0/1')
    assert.equal(seen('ok', 11, { loss: 0 }), '0/1')
    assert.equal(seen('timeout', Number.NaN), '1/1')
    assert.equal(seen('unreachable', Number.NaN, { loss: 1 }), '1/1')
  })

  it('is nothing where the answer was no, or this machine lost it', () => {
    assert.equal(seen('refused', Number.NaN), '0/0')
    assert.equal(seen('status_mismatch', Number.NaN), '0/0')
    assert.equal(seen('ok', 11, {}), '0/0')
    assert.equal(seen('ok', Number.NaN), '0/0')
  })

  it('is not asked of a monitor that bounds none', () => {
    assert.equal(qualityOf({ ...policy, degraded: { latencyMs: 200 } }, false), undefined)
  })
})

describe('a change to or from degraded', () => {
  const quality = qualityOf(policy, false)!
  for (let round = 0; round < 20; round++)
    observeQuality(quality, round * 10_000, 'ok', 10, { loss: 0.5, sent: 2, rtts: [10, Number.NaN] })
  const poor = noteQuality(initialState(0), true, 0)

  it('carries the figures of the window and what it is about', () => {
    const { code, cause, facts } = withQuality(change({}), quality, poor, policy)
    assert.equal(code, 'packet_loss')
    assert.equal(inEnglish(cause!), '50 % loss over 5 min (20 of 40 packets)')
    assert.deepEqual(facts, {
      latencyMs: 250.4,
      loss: 0.5,
      rtt_p95: 10,
      packets_sent: 40,
      packets_lost: 20,
      over_ms: 300_000,
    })
  })

  it('says of slow answers how slow they are', () => {
    const { code, cause } = withQuality(change({}), quality, initialState(0), policy)
    assert.deepEqual([code, inEnglish(cause!)], ['slow', 'answered in 250 ms, slow from 200 ms on'])
  })

  it('carries figures at its end too, without a cause; other changes stay as they are', () => {
    const ended = withQuality(change({ from: 'degraded', to: 'up' }), quality, initialState(0), policy)
    assert.deepEqual([ended.code, ended.cause, ended.facts.packets_sent], ['ok', undefined, 40])
    const down = change({ to: 'down', code: 'timeout' })
    assert.equal(withQuality(down, quality, poor, policy), down)
  })
})
