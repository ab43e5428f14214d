import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { packResults } from '../../../test/fixtures/pack-results.ts'
import { encodeBatch, quantise } from './journal.ts'
import { openHistoryStore } from './store.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigia-history-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0
const fresh = () => join(folder, `${++files}.db`)

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.UTC(2026, 0, 1)

const ROUND = { min: 4, median: 5, p95: 7, max: 9, jitter: 1 }

/** Every second one is of a round of several packets. */
const result = (monitorId: number, at: number, latencyMs = 5) => ({
  monitorId,
  at,
  latencyMs,
  code: 'ok' as const,
  metrics: at % 2 === 0 ? ROUND : undefined,
})

/** Monitors of three parts. */
const MONITORS = [1, 2, 127, 128, 300]

const batch = fc.record({
  kind: fc.constant('batch' as const),
  results: fc.array(fc.tuple(fc.constantFrom(...MONITORS), fc.nat(3 * DAY)), { minLength: 1, maxLength: 20 }),
})
const step = fc.oneof(
  { weight: 4, arbitrary: batch },
  fc.record({ kind: fc.constant('compact' as const), parts: fc.integer({ min: 1, max: 3 }), at: fc.nat(4 * DAY) }),
  fc.record({ kind: fc.constant('open again' as const) }),
)

describe('the store of the history', () => {
  it('holds exactly what it was given, whatever is rewritten, and whenever it is opened again', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.constantFrom(10, 1_000_000), (steps, mostFresh) => {
        const path = fresh()
        let store = openHistoryStore(path, mostFresh)
        const given = new Map(MONITORS.map((id) => [id, [] as number[]]))
        for (const one of steps) {
          if (one.kind === 'batch') {
            store.append(packResults(one.results.map(([id, offset]) => result(id, START + offset))))
            for (const [id, offset] of one.results) given.get(id)!.push(START + offset)
          } else if (one.kind === 'compact') for (let part = 0; part < one.parts; part++) store.compact(START + one.at)
          else {
            store.close()
            store = openHistoryStore(path, mostFresh)
          }
        }
        for (const [id, times] of given) {
          const ordered = times.toSorted((a, b) => a - b)
          const whole = store.range(id, START, START + 4 * DAY)
          assert.deepEqual(whole.at, ordered)
          for (const [index, spread] of whole.spread.entries()) assert.equal(spread !== null, ordered[index]! % 2 === 0)
          const middle = ordered.filter((at) => at >= START + DAY && at < START + DAY + 5 * HOUR)
          assert.deepEqual(store.range(id, START + DAY, START + DAY + 5 * HOUR).at, middle)
          for (const length of [60_000, HOUR, DAY]) {
            const points = store.series(id, START, START + 4 * DAY, length)
            const counts = Map.groupBy(times, (at) => at - (at % length))
            assert.deepEqual(
              points.map(({ at, total }) => [at, total]),
              [...counts].map(([at, found]) => [at, found.length]).sort(([a], [b]) => a! - b!),
            )
          }
        }
        store.close()
      }),
      { numRuns: 40 },
    )
  })

  it('lets the journal go when every part is rewritten', () => {
    const path = fresh()
    const store = openHistoryStore(path)
    for (let minute = 0; minute < 60; minute++)
      store.append(packResults(MONITORS.map((id) => result(id, START + minute * 60_000))))
    const rows = () => {
      const db = new DatabaseSync(path, { readOnly: true })
      const { count } = db.prepare('select count(*) as count from journal').get() as { count: number }
      db.close()
      return count
    }
    assert.equal(store.compact(START + HOUR) > 0, true)
    assert.equal(store.waiting(), 2)
    assert.equal(rows(), 60)
    while (store.compact(START + HOUR) > 0);
    assert.equal(rows(), 0)
    store.close()
  })

  it('takes over a file of the first format with its journal', () => {
    const path = fresh()
    const db = new DatabaseSync(path)
    db.exec(`create table journal (id integer primary key, from_at integer, to_at integer, results integer, body blob);
      create table block (monitor_id integer, start integer, end_at integer, body blob, primary key (monitor_id, start)) without rowid;
      create index block_end on block (end_at);
      create table hour (monitor_id integer, start integer, body blob, primary key (monitor_id, start)) without rowid;
      pragma user_version = 1`)
    db.prepare('insert into journal values (?, ?, ?, ?, ?)').run(
      41,
      START,
      START + 1,
      2,
      encodeBatch(quantise(packResults([result(1, START), result(300, START + 1)]))),
    )
    db.close()
    const store = openHistoryStore(path)
    store.append(packResults([result(1, START + 2)]))
    while (store.compact(START + HOUR) > 0);
    assert.deepEqual(store.range(1, START, START + HOUR).at, [START, START + 2])
    assert.deepEqual(store.range(300, START, START + HOUR).at, [START + 1])
    store.close()
  })

  it('takes times that are far apart', () => {
    const store = openHistoryStore(fresh())
    const times = [0, START, START + 100 * DAY, START - 100 * DAY, START + 1]
    store.append(packResults(times.map((at) => result(1, at))))
    const ordered = times.toSorted((a, b) => a - b)
    assert.deepEqual(store.range(1, 0, START + 200 * DAY).at, ordered)
    while (store.compact(START + 200 * DAY) > 0);
    assert.deepEqual(store.range(1, 0, START + 200 * DAY).at, ordered)
    store.close()
  })

  it('goes on beside what is damaged', () => {
    const path = fresh()
    const store = openHistoryStore(path)
    for (const id of [1, 300]) store.append(packResults([result(id, START)]))
    while (store.compact(START + HOUR) > 0);
    for (const id of [1, 300]) store.append(packResults([result(id, START + 2 * HOUR)]))
    store.close()
    const db = new DatabaseSync(path)
    db.exec(`update block set body = x'01ff' where monitor_id = 1; update journal set body = x'02'
      where id = (select max(id) from journal)`)
    db.close()

    const again = openHistoryStore(path)
    assert.equal(again.damaged, 1)
    assert.throws(() => again.range(1, START, START + HOUR), { name: 'StorageError' })
    assert.deepEqual(again.range(300, START, START + DAY).at, [START])
    assert.deepEqual(again.range(1, START + HOUR, START + DAY).at, [START + 2 * HOUR])
    const keep = { resultsMs: DAY, minutesMs: 9 * DAY, hoursMs: 9 * DAY, daysMs: 9 * DAY }
    assert.ok([...again.retain(START + 5 * DAY, keep)].some((rows) => rows > 0))
    assert.deepEqual(again.range(300, START, START + DAY).at, [])
    again.close()
  })
})
