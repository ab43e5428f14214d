import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import type { Cause } from '#core/cause/cause.ts'
import { NO_SPREAD, packSteps } from '#core/monitor/spread.ts'
import { ERROR_CODES } from '#core/result/result.ts'
import { packResults } from '../../../test/fixtures/pack-results.ts'
import { decodeBlock, encodeBlock } from './block.ts'
import { startHistory } from './embedded.ts'
import { quantiles } from './quantiles.ts'
import { openHistoryStore } from './store.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigia-history-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0
const fresh = () => join(folder, `${++files}.db`)

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.UTC(2026, 0, 1)
const KEEP = { resultsMs: 30 * DAY, minutesMs: 90 * DAY, hoursMs: 730 * DAY, daysMs: 36_500 * DAY }

/** Nothing is to be told. */
const SILENT = {
  onTrouble: (trouble?: Cause) => assert.fail(trouble?.code),
  onDamage: ({ code }: Cause) => assert.fail(code),
  onRestart: assert.fail,
}

const result = (monitorId: number, at: number, latencyMs: number, code: (typeof ERROR_CODES)[number] = 'ok') => ({
  monitorId,
  at,
  latencyMs,
  code,
  metrics: undefined,
})

describe('history', () => {
  it('gives back every block it packed', () => {
    const steps = fc.record({
      min: fc.nat(1121),
      toMedian: fc.nat(1023),
      toP95: fc.nat(1023),
      toMax: fc.nat(1023),
      jitter: fc.integer({ min: 1, max: 1121 }),
    })
    const spread = fc.option(steps.map(packSteps), { nil: NO_SPREAD })
    const entry = fc.tuple(fc.nat(10_000_000), fc.nat(1200), fc.nat(ERROR_CODES.length - 1), fc.nat(255), spread)
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 200 }), (entries) => {
        let at = START
        const block = {
          at: entries.map(([step]) => {
            at += step
            return at
          }),
          buckets: entries.map(([, bucket]) => bucket),
          codes: entries.map(([, , code]) => code),
          loss: entries.map(([, , , loss]) => loss),
          spread: entries.map(([, , , , packed]) => packed),
        }
        assert.deepEqual(decodeBlock(encodeBlock(block)), block)
      }),
    )
  })

  it('reads what earlier versions packed', () => {
    const packed = '01012100deff0480a0d5edee66bff6cdedee6606ebd403bc0504bf05ba05000201010001ff0104'
    assert.deepEqual(decodeBlock(Buffer.from(packed, 'hex')), {
      at: [0, 60_000, 120_003, 150_000].map((ms) => START + ms),
      buckets: [350, 352, 0, 349],
      codes: [0, 0, 1, 0],
      loss: [255, 255, 255, 255],
      spread: [0, 0, 0, 0],
    })
  })

  it('refuses damaged bytes with a value, never a hang', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeBlock(Uint8Array.of(1 + (bytes.length % 2), ...bytes))
        } catch (error) {
          assert.equal((error as Error).name, 'StorageError')
        }
      }),
    )
    assert.throws(() => decodeBlock(Uint8Array.of(9, 1)), /format 9/)
  })

  it('the same answers before and after compaction, within 1 %', () => {
    const store = openHistoryStore(fresh())
    for (let minute = 0; minute < 120; minute++)
      store.append(
        packResults([
          result(1, START + minute * 60_000, 10 + minute / 10),
          result(2, START + minute * 60_000 + 5, Number.NaN, minute % 10 === 0 ? 'timeout' : 'internal'),
        ]),
      )
    const ask = () => ({
      one: store.range(1, START, START + 2 * HOUR),
      two: store.series(2, START, START + 2 * HOUR, HOUR),
      middle: store.range(1, START + 50 * 60_000, START + 70 * 60_000).at.length,
    })
    const before = ask()
    assert.equal(store.compact(START + 2 * HOUR), 240)
    assert.equal(store.compact(START + 2 * HOUR), 0)
    assert.deepEqual(ask(), before)
    assert.equal(before.one.at.length, 120)
    assert.equal(before.middle, 20)
    for (const [minute, latency] of before.one.latencyMs.entries())
      assert.ok(Math.abs(latency! / (10 + minute / 10) - 1) < 0.0101)
    assert.deepEqual(
      before.two.map(({ at, total, failed, unknown, avg }) => ({ at, total, failed, unknown, avg })),
      [START, START + HOUR].map((at) => ({ at, total: 60, failed: 6, unknown: 54, avg: null })),
    )
    store.close()
  })

  it('long spans come from hours, what is old goes', () => {
    const store = openHistoryStore(fresh())
    for (let hour = 0; hour < 24 * 8; hour++) store.append(packResults([result(1, START + hour * HOUR + 1, hour + 1)]))
    const now = START + 24 * 8 * HOUR
    store.compact(now)
    const days = store.series(1, START, now, 24 * HOUR)
    assert.deepEqual(
      days.map(({ total }) => total),
      Array.from({ length: 8 }, () => 24),
    )
    assert.ok(Math.abs(days[0]!.max! / 24 - 1) < 0.0101)
    const rows = [...store.retain(now + 40 * DAY, { ...KEEP, hoursMs: 1000 * DAY })]
    assert.ok(rows.some((gone) => gone > 0))
    assert.equal(store.range(1, START, now).at.length, 0)
    assert.equal(store.series(1, START, now, 24 * HOUR).length, 8)
    store.close()
  })

  it('days say what their results say, late ones included', () => {
    const day = 24 * HOUR
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(fc.nat(9), fc.nat(23), fc.integer({ min: 1, max: 500 })), { maxLength: 40 }), {
          minLength: 1,
          maxLength: 6,
        }),
        (batches) => {
          const store = openHistoryStore(fresh())
          const totals = new Map<number, number>()
          const most = new Map<number, number>()
          for (const batch of batches) {
            store.append(packResults(batch.map(([d, hour, ms]) => result(1, START + d * day + hour * HOUR, ms))))
            for (const [d, , ms] of batch) {
              totals.set(d, (totals.get(d) ?? 0) + 1)
              most.set(d, Math.max(most.get(d) ?? 0, ms))
            }
            store.compact(START + 11 * day)
          }
          const points = store.series(1, START, START + 10 * day, day)
          assert.equal(points.length, totals.size)
          for (const { at, total, max } of points) {
            assert.equal(total, totals.get((at - START) / day))
            assert.ok(Math.abs(max! / most.get((at - START) / day)! - 1) < 0.0101)
          }
          const half = store.series(1, START + 12 * HOUR, START + 10 * day, day)
          const later = batches.flat().filter(([d, hour]) => d > 0 || hour >= 12)
          assert.equal(
            half.reduce((sum, { total }) => sum + total, 0),
            later.length,
          )
          store.close()
        },
      ),
      { numRuns: 40 },
    )
  })

  it('a result costs at most five bytes', () => {
    const path = fresh()
    const store = openHistoryStore(path)
    let results = 0
    for (let second = 0; second < 2 * 3600; second += 2) {
      const batch = Array.from({ length: 20 }, (_, index) =>
        result(index + (second % 20) * 10, START + second * 1000 + Math.random() * 3, 5 + index + Math.random() * 2),
      )
      store.append(packResults(batch))
      results += batch.length
    }
    store.compact(START + 2 * HOUR)
    store.close()
    assert.ok(statSync(path).size > 0)
    const blocks = openHistoryStore(path)
    let bytes = 0
    for (let monitor = 0; monitor < 200; monitor++) {
      const series = blocks.range(monitor, START, START + 2 * HOUR)
      if (series.at.length === 0) continue
      bytes += encodeBlock({
        at: series.at,
        buckets: series.latencyMs.map((ms) => 1 + Math.round(Math.log(ms! * 1000 + 1) / Math.log(1.02))),
        codes: series.codes,
        loss: series.loss.map(() => 255),
        spread: series.loss.map(() => NO_SPREAD),
      }).length
    }
    blocks.close()
    assert.ok(bytes / results <= 5, `${bytes / results} bytes`)
  })

  it('quantiles of nothing are null', () => {
    assert.deepEqual(quantiles(new Map(), [0.5]), [null])
  })

  it('answers from its own thread, and says what it cannot open', async () => {
    const history = await startHistory(fresh(), 'one', SILENT)
    history.append(packResults([result(7, START, 3)]))
    assert.deepEqual((await history.range(7, START - 1, START + 1)).codes, [0])
    await history.close()
    await assert.rejects(history.range(7, 0, 1))

    const nowhere = join(folder, 'no/such/folder.db')
    const troubles: (Cause | undefined)[] = []
    const closed = await startHistory(nowhere, 'one', { ...SILENT, onTrouble: (trouble) => troubles.push(trouble) })
    assert.equal(troubles[0]!.code, 'store_not_opened')
    await assert.rejects(closed.range(7, 0, 1), { name: 'StorageError' })
    await closed.close()
  })
})
