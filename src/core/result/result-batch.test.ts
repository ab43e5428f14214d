import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { because } from '../cause/cause.ts'
import { STATES } from '../monitor/monitor.ts'
import { createLatestResults, resultAt } from './latest-results.ts'
import { ERROR_CODES } from './result.ts'
import { createResultCollector, keptColumns, NO_LATENCY, NO_LOSS } from './result-batch.ts'

describe('result columns', () => {
  it('give back what was gathered, however much, and begin anew', () => {
    const one = fc.record(
      {
        monitorId: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        at: fc.nat(2 ** 40),
        state: fc.constantFrom(...STATES),
        code: fc.constantFrom(...ERROR_CODES),
        latencyMs: fc.option(
          fc.integer({ min: 0, max: 4_000_000 }).map((us) => us / 1000),
          { nil: Number.NaN },
        ),
        loss: fc.option(
          fc.nat(100).map((percent) => percent / 100),
          { nil: Number.NaN },
        ),
        cause: fc.option(
          fc.string().map((words) => because('as_said', { words })),
          { nil: undefined },
        ),
        addressAge: fc.nat(604_800),
      },
      {
        noNullPrototype: true,
        requiredKeys: ['monitorId', 'at', 'state', 'code', 'latencyMs', 'loss', 'cause'],
      },
    )
    fc.assert(
      fc.property(fc.array(one, { maxLength: 300 }), (results) => {
        const collector = createResultCollector()
        const latest = createLatestResults()
        for (let round = 0; round < 2; round++) {
          for (const { monitorId, at, state, code, latencyMs, loss, cause, addressAge } of results) {
            const ageMs = addressAge === undefined ? undefined : addressAge * 1000
            const metrics = Number.isNaN(loss) ? undefined : { loss }
            collector.add(monitorId, at, state, code, latencyMs, cause, metrics, ageMs)
          }
          const batch = collector.take()
          assert.equal(batch.count, results.length)
          assert.deepEqual(
            results.map((_, index) => resultAt(batch, index)),
            results,
          )
          latest.take(batch)
        }
        const last = new Map(results.map((result) => [result.monitorId, result]))
        for (const [id, { monitorId: _, ...result }] of last) assert.deepEqual(latest.get(id), result)
      }),
      { numRuns: 50 },
    )
  })

  it('have values for what was not measured', () => {
    const collector = createResultCollector()
    collector.add(1, 5, 'up', 'ok', Number.NaN, undefined, undefined)
    collector.add(2, 5, 'up', 'ok', 1, undefined, { loss: 0.25 })
    const { latency, loss } = collector.take()
    assert.deepEqual([latency[0], loss[0], loss[1]], [NO_LATENCY, NO_LOSS, 25])
  })

  it('can be handed over without what the history does not keep', () => {
    const collector = createResultCollector()
    collector.add(1, 5, 'down', 'timeout', Number.NaN, because('push_failed'), undefined)
    assert.deepEqual(Object.keys(keptColumns(collector.take())).sort(), [
      'at',
      'codes',
      'count',
      'latency',
      'loss',
      'monitorIds',
      'spread',
    ])
  })
})

describe('the latest results', () => {
  it('forget a monitor, and give its place to another', () => {
    const latest = createLatestResults()
    const collector = createResultCollector()
    collector.add(1, 5, 'down', 'timeout', Number.NaN, because('push_failed'), undefined)
    latest.take(collector.take())
    latest.delete(1)
    assert.equal(latest.get(1), undefined)
    collector.add(2, 6, 'up', 'ok', 1.5, undefined, undefined)
    latest.take(collector.take())
    assert.deepEqual(latest.get(2), {
      at: 6,
      state: 'up',
      code: 'ok',
      latencyMs: 1.5,
      loss: Number.NaN,
      cause: undefined,
    })
    assert.equal(latest.get(1), undefined)
  })
})
