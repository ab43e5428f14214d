import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { ErrorCode } from '#core/result/result.ts'
import { zonedDays } from '#lib/time/zoned-days.ts'
import type { History, Retention } from '#storage/history/index.ts'
import { openHistoryStore } from '#storage/history/store.ts'
import { openStorage } from '#storage/index.ts'
import { inEnglish } from '#templates/said.ts'
import { packResults } from '../fixtures/pack-results.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../fixtures/postgres.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NOW = Date.UTC(2026, 6, 15, 10, 20)
const KEEP: Retention = { resultsMs: 30 * DAY, minutesMs: 90 * DAY, hoursMs: 730 * DAY, daysMs: 3650 * DAY }

const result = (monitorId: number, at: number, latencyMs = 10, code: ErrorCode = 'ok') => ({
  monitorId,
  at,
  latencyMs,
  code,
  metrics: undefined,
})

type Tested = Pick<History, 'append' | 'range' | 'series' | 'retain' | 'close'>

/** The embedded history, which rewrites what came whenever something is asked of it. */
const embedded = (path: string): Tested => {
  const store = openHistoryStore(path)
  const rewrite = () => {
    while (store.compact(NOW) > 0);
  }
  return {
    append: store.append,
    range: async (...asked) => store.range(...asked),
    series: async (...asked) => store.series(...asked),
    retain: async (now, keep) => {
      rewrite()
      return [...store.retain(now, keep)].reduce((sum, rows) => sum + rows, 0)
    },
    close: async () => store.close(),
  }
}

const totals = (points: readonly { readonly at: number; readonly total: number }[]) =>
  points.map(({ at, total }) => [at, total] as const)

const suite = (open: (context: TestContext) => Promise<Tested | undefined>) => {
  const withHistory = (name: string, test: (history: Tested) => Promise<void>) =>
    it(name, async (context) => {
      const history = await open(context)
      if (!history) return
      try {
        await test(history)
      } finally {
        await history.close()
      }
    })

  withHistory('gives back late results in their place', async (history) => {
    history.append(packResults([3, 1, 4].map((minute) => result(1, NOW - HOUR + minute * MINUTE))))
    history.append(packResults([result(1, NOW - HOUR + 2 * MINUTE, Number.NaN, 'timeout'), result(2, NOW - HOUR)]))
    await history.retain(NOW, KEEP)
    history.append(packResults([result(1, NOW - HOUR)]))
    const { at, codes } = await history.range(1, NOW - HOUR, NOW)
    assert.deepEqual(
      at,
      [0, 1, 2, 3, 4].map((minute) => NOW - HOUR + minute * MINUTE),
    )
    assert.deepEqual(codes, [0, 0, 1, 0, 0])
  })

  withHistory('rounds of several packets keep how their answers lie', async (history) => {
    const round = (at: number, min: number, max: number) => ({
      ...result(1, at, 10),
      metrics: { loss: 0.2, min, median: 10, p95: max, max, jitter: 2 },
    })
    const near = (told: number | null, wanted: number) => assert.ok(Math.abs(told! / wanted - 1) < 0.0201, `${told}`)
    for (const age of [2 * HOUR, 60 * DAY, 400 * DAY, 900 * DAY]) {
      const at = NOW - (NOW % DAY) - age
      history.append(packResults([round(at, 8, 40), round(at + 1000, 5, 30), result(1, at + 2000, 10)]))
      await history.retain(NOW - age + DAY, KEEP)
      const { spread } = await history.range(1, at, at + MINUTE)
      assert.deepEqual(
        spread.map((one) => one !== null),
        [true, true, false],
      )
      for (const [figure, wanted] of Object.entries({ min: 8, median: 10, p95: 40, max: 40, jitter: 2 }))
        near(spread[0]![figure as 'min'], wanted)
      if (age === 2 * HOUR) {
        const [alone] = await history.series(1, at, at + 1000, 1000)
        near(alone!.p50, 10)
        near(alone!.p95, 40)
      }
      await history.retain(NOW, KEEP)
      const [point] = await history.series(1, at, at + DAY, DAY)
      assert.equal(point!.total, 3)
      near(point!.min, 5)
      near(point!.max, 40)
      near(point!.avg, 10)
      near(point!.jitter, 2)
    }
  })

  withHistory('two results of one moment are two', async (history) => {
    for (const latency of [5, 50]) {
      history.append(packResults([result(1, NOW - 2 * HOUR, latency)]))
      await history.retain(NOW, KEEP)
    }
    const { latencyMs } = await history.range(1, NOW - DAY, NOW)
    assert.equal(latencyMs.length, 2)
    const [point] = await history.series(1, NOW - DAY, NOW, DAY)
    assert.equal(point!.total, 2)
  })

  withHistory(
    'results become minutes, hours and days as they grow old, and lose nothing but detail',
    async (history) => {
      const ages = [10, 60, 400, 900].map((days) => NOW - (NOW % DAY) - days * DAY)
      for (const day of ages)
        for (let hour = 0; hour < 24; hour++)
          history.append(
            packResults([
              result(1, day + hour * HOUR + 1000, 10 + hour),
              result(1, day + hour * HOUR + 31_000, 100 + hour),
              result(1, day + hour * HOUR + 20 * MINUTE, Number.NaN, hour === 0 ? 'timeout' : 'internal'),
            ]),
          )
      for (let hour = 0; hour < 3; hour++) assert.equal((await history.retain(NOW + hour * HOUR, KEEP)) > 0, hour === 0)
      const [results, minutes, hours, days] = ages as [number, number, number, number]
      // Single results are there as long as results are kept.
      assert.equal((await history.range(1, results, results + DAY)).at.length, 72)
      assert.equal((await history.range(1, minutes, minutes + DAY)).at.length, 0)
      // Each age is told as finely as it is known.
      const seconds = await history.series(1, results, results + HOUR, 1000)
      assert.deepEqual(totals(seconds), [
        [results + 1000, 1],
        [results + 31_000, 1],
        [results + 20 * MINUTE, 1],
      ])
      const byMinute = await history.series(1, minutes, minutes + HOUR, MINUTE)
      assert.deepEqual(totals(byMinute), [
        [minutes, 2],
        [minutes + 20 * MINUTE, 1],
      ])
      const [first, second] = byMinute
      assert.ok(Math.abs(first!.min! - 10) < 0.11 && Math.abs(first!.max! - 100) < 1.1)
      assert.deepEqual([first!.failed, second!.failed, second!.unknown, second!.avg], [0, 1, 0, null])
      assert.deepEqual(
        totals(await history.series(1, hours, hours + 2 * HOUR, MINUTE)),
        [0, 1].map((hour) => [hours + hour * HOUR, 3]),
      )
      // A day says the same of itself at every age.
      for (const day of ages) {
        const [point, ...others] = await history.series(1, day, day + DAY, DAY)
        assert.deepEqual(others, [])
        assert.deepEqual([point!.at, point!.total, point!.failed, point!.unknown], [day, 72, 1, 23])
        assert.ok(Math.abs(point!.p95! - 121) < 2.5, `${point!.p95}`)
      }
      assert.equal((await history.series(1, days - DAY, NOW, DAY)).length, 4)
      // And each level goes when its time has come.
      await history.retain(NOW, { ...KEEP, resultsMs: DAY, minutesMs: DAY, hoursMs: DAY, daysMs: 100 * DAY })
      assert.equal((await history.series(1, days - DAY, NOW, DAY)).length, 2)
    },
  )

  withHistory('late results join a day whose hours are gone', async (history) => {
    const day = NOW - (NOW % DAY) - 800 * DAY
    history.append(packResults([result(1, day + HOUR), result(1, day + 2 * HOUR), result(1, day + DAY)]))
    await history.retain(NOW, KEEP)
    history.append(packResults([result(1, day + 3 * HOUR, 20)]))
    await history.retain(NOW, KEEP)
    assert.deepEqual(totals(await history.series(1, day, day + 10 * DAY, DAY)), [
      [day, 3],
      [day + DAY, 1],
    ])
  })

  withHistory('days of a zone have 23, 24 or 25 hours', async (history) => {
    for (const [from, expected] of [
      [Date.UTC(2026, 2, 28), [24, 23, 24]],
      [Date.UTC(2025, 9, 25), [24, 25, 24]],
    ] as const) {
      const start = from - DAY
      for (let hour = 0; hour < 6 * 24; hour++)
        history.append(packResults([result(1, start + hour * HOUR + 60_000), result(1, start + hour * HOUR + 120_000)]))
      const days = zonedDays(from, from + 3 * DAY, 'Europe/Madrid')
      const [first, last] = [days[0]!, zonedDays(from + 3 * DAY, from + 4 * DAY, 'Europe/Madrid')[0]!]
      // From the results, from hours once they are rewritten, and from hours alone.
      for (const now of [from + 5 * DAY, from + 200 * DAY]) {
        const points = await history.series(1, first, last, days.slice(0, 3))
        assert.deepEqual(
          points.map(({ total }) => total / 2),
          expected,
        )
        await history.retain(now, KEEP)
      }
    }
  })
}

describe('history on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-history-'))
  after(() => rmSync(folder, { recursive: true }))
  let files = 0
  suite(async () => embedded(join(folder, `${++files}.db`)))
})

const WAITING = "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"

/** A way to the database server that breaks off for who asks, and not for the server. */
const openWay = async (databaseUrl: string) => {
  const { hostname, port } = new URL(databaseUrl)
  const askers = new Set<Socket>()
  const ends = new Set<Socket>()
  const listener = createServer((asker) => {
    const end = connect(Number(port), hostname)
    for (const socket of [asker, end]) socket.on('error', () => {})
    askers.add(asker)
    ends.add(end)
    asker.pipe(end).pipe(asker)
  })
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done))
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${(listener.address() as AddressInfo).port}`
  const breakOff = () => {
    for (const asker of askers) asker.destroy()
    askers.clear()
  }
  return {
    url: url.href,
    breakOff,
    close: () => {
      breakOff()
      for (const end of ends) end.destroy()
      listener.close()
    },
  }
}

describe('history on PostgreSQL', () => {
  let server: TestPostgres
  before(async () => {
    server = await startPostgres()
  })
  after(async () => {
    if ('url' in server) await server.stop()
  })

  suite(async (context) => {
    if ('skip' in server) {
      context.skip(server.skip)
      return undefined
    }
    const storage = await openStorage({ dataDir: tmpdir(), databaseUrl: await freshDatabase(server.url) })
    const history = await storage.openHistory({
      onTrouble: (trouble) => assert.fail(trouble && inEnglish(trouble)),
      onDamage: ({ code }) => assert.fail(code),
      onRestart: assert.fail,
    })
    /** Batches are written behind; the next question must find them, which `close` waits for. */
    const afterWrites =
      <Arguments extends readonly unknown[], Answer>(ask: (...asked: Arguments) => Promise<Answer>) =>
      async (...asked: Arguments) => {
        await history.close()
        return ask(...asked)
      }
    return {
      append: history.append,
      range: afterWrites(history.range),
      series: afterWrites(history.series),
      retain: afterWrites(history.retain),
      close: async () => {
        await history.close()
        await storage.close()
      },
    }
  })

  it('gives up a batch that can never be written, and keeps those after it', async (context) => {
    if ('skip' in server) return context.skip(server.skip)
    const storage = await openStorage({ dataDir: tmpdir(), databaseUrl: await freshDatabase(server.url) })
    const troubles: (string | undefined)[] = []
    const history = await storage.openHistory({
      onTrouble: (trouble) => troubles.push(trouble && inEnglish(trouble)),
      onDamage: ({ code }) => assert.fail(code),
      onRestart: assert.fail,
    })
    for (const at of [NOW, Number.NaN, NOW + MINUTE]) history.append(packResults([result(1, at)]))
    await history.close()
    assert.match(troubles[0]!, /NaN/)
    assert.deepEqual(troubles.slice(1), [undefined])
    assert.deepEqual((await history.range(1, NOW, NOW + DAY)).at, [NOW, NOW + MINUTE])
    await storage.close()
  })

  it('keeps a batch once that is sent again, for its end was not heard of', async (context) => {
    if ('skip' in server) return context.skip(server.skip)
    const databaseUrl = await freshDatabase(server.url)
    const way = await openWay(databaseUrl)
    const storage = await openStorage({ dataDir: tmpdir(), databaseUrl: way.url })
    const hand = new pg.Client({ connectionString: databaseUrl })
    await hand.connect()
    const troubles: (string | undefined)[] = []
    const history = await storage.openHistory({
      onTrouble: (trouble) => troubles.push(trouble && inEnglish(trouble)),
      onDamage: ({ code }) => assert.fail(code),
      onRestart: assert.fail,
    })
    const send = async (...ats: readonly number[]) => {
      history.append(packResults(ats.map((at) => result(1, at))))
      await history.close()
    }
    await send(NOW)
    // It hangs behind this lock, and its connection ends; the server has the whole statement, and goes on.
    await hand.query('begin; lock table results in access exclusive mode')
    const sending = send(NOW + MINUTE)
    const waits = async () => (await hand.query(WAITING)).rows.length > 0
    while (!(await waits())) await pause(10)
    way.breakOff()
    await sending
    assert.equal(troubles.length, 1)
    await hand.query('commit')
    while (await waits()) await pause(10)
    await send(NOW + 2 * MINUTE)
    assert.deepEqual(troubles.slice(1), [undefined])
    const { at } = await history.range(1, NOW, NOW + DAY)
    assert.deepEqual(at, [NOW, NOW + MINUTE, NOW + 2 * MINUTE])
    await hand.end()
    await storage.close()
    way.close()
  })
})
