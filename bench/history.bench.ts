import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { MonitorSpec } from '#core/monitor/monitor.ts'
import { NO_LOSS, type ResultBatch } from '#core/result/result-batch.ts'
import { openHistoryStore } from '#storage/history/store.ts'
import { openStorage } from '#storage/index.ts'
import { atMost, type Benchmark, type Row } from './row.ts'

const MONITORS = 1000
const MINUTES = 10_080
const PEER_MINUTES = 1440
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = Date.UTC(2026, 0, 5)
const STATES = 10_000
const READS = 300
const LONGEST_READING_MS = 3000
const PEER = 'one row per result in SQLite'

/** A steady generator, so that both sides store the same. */
const createRandom = () => {
  let state = 0x9e3779b9
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** One result of each monitor in a minute: latencies around its own, one in a thousand failed. */
const minuteOf = (minute: number, random: () => number, monitors = MONITORS): ResultBatch => {
  const batch = {
    count: monitors,
    monitorIds: new Int32Array(monitors),
    at: new Float64Array(monitors),
    latency: new Uint32Array(monitors),
    codes: new Uint8Array(monitors),
    loss: new Uint8Array(monitors).fill(NO_LOSS),
    spread: new Float64Array(monitors),
  }
  for (let index = 0; index < monitors; index++) {
    batch.monitorIds[index] = index + 1
    batch.at[index] = START + minute * MINUTE + Math.floor((index / monitors) * MINUTE) + Math.floor(random() * 4)
    batch.latency[index] = Math.round((1000 + index * 20) * (0.85 + random() * 0.3))
    batch.codes[index] = random() < 0.001 ? 1 : 0
  }
  return batch
}

const sizeOf = (path: string) => statSync(path).size + (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0)

const cpuSeconds = (work: () => void): number => {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/**
 * CPU time of a read, ms, over many of them, for the system counts it in steps of some ms; what others do to the machine
 * meanwhile does not show.
 */
const readMs = async (read: (index: number) => unknown): Promise<number> => {
  await read(0)
  const before = process.cpuUsage()
  const started = performance.now()
  let reads = 0
  while (reads < READS && performance.now() - started < LONGEST_READING_MS) await read(reads++)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / reads
}

/** The same results as plain rows. */
const openPeer = (path: string) => {
  const db = new DatabaseSync(path)
  db.exec('pragma journal_mode = wal; pragma synchronous = normal')
  db.exec(
    'create table result (monitor_id integer, at integer, latency integer, code integer, loss integer, primary key (monitor_id, at)) strict, without rowid',
  )
  const insert = db.prepare('insert into result values (?, ?, ?, ?, ?)')
  const day = db.prepare('select at, latency, code, loss from result where monitor_id = ? and at >= ? and at < ?')
  const hours = db.prepare(
    'select at / 3600000 as hour, count(*), avg(latency), min(latency), max(latency), sum(code > 0) from result where monitor_id = ? group by hour',
  )
  const last = db.prepare('select monitor_id, max(at), code from result group by monitor_id')
  return {
    append: ({ count, monitorIds, at, latency, codes, loss }: ResultBatch) => {
      db.exec('begin')
      for (let index = 0; index < count; index++)
        insert.run(monitorIds[index]!, at[index]!, latency[index]!, codes[index]!, loss[index]!)
      db.exec('commit')
    },
    day: (monitorId: number, from: number, to: number) => day.all(monitorId, from, to),
    hours: (monitorId: number) => hours.all(monitorId),
    last: () => last.all(),
    close: () => db.close(),
  }
}

const bulkRows = async (folder: string): Promise<Row[]> => {
  const [path, peerPath] = [join(folder, 'history.db'), join(folder, 'rows.db')]
  const store = openHistoryStore(path)
  const peer = openPeer(peerPath)
  let random = createRandom()
  const generating = cpuSeconds(() => {
    for (let minute = 0; minute < PEER_MINUTES; minute++) minuteOf(minute, random)
  })
  random = createRandom()
  const ours =
    cpuSeconds(() => {
      for (let minute = 0; minute < MINUTES; minute++) {
        store.append(minuteOf(minute, random))
        if (minute % 60 === 59) while (store.compact(START + (minute + 1) * MINUTE) > 0);
      }
    }) -
    (generating / PEER_MINUTES) * MINUTES
  random = createRandom()
  const theirs =
    cpuSeconds(() => {
      for (let minute = 0; minute < PEER_MINUTES; minute++) peer.append(minuteOf(minute, random))
    }) - generating
  const results = MONITORS * MINUTES
  const peerResults = MONITORS * PEER_MINUTES
  const [rate, peerRate] = [results / ours, peerResults / theirs]
  const dayFrom = (index: number) => START + (index % 5) * 24 * HOUR
  const [day, peerDay] = [
    await readMs((index) => store.range((index % MONITORS) + 1, dayFrom(index), dayFrom(index) + 24 * HOUR)),
    await readMs((index) => peer.day((index % MONITORS) + 1, START, START + 24 * HOUR)),
  ]
  store.close()
  peer.close()
  const bytes = sizeOf(path) / results
  const peerBytes = sizeOf(peerPath) / peerResults
  return [
    {
      ...atMost({ name: 'history.bytes', what: 'stored per result', unit: 'B', ours: bytes, n: results }, 5),
      peer: peerBytes,
      peer_name: PEER,
      ratio: bytes / peerBytes,
    },
    {
      name: 'history.write',
      what: 'results written per CPU second',
      unit: '/s',
      ours: rate,
      peer: peerRate,
      peer_name: PEER,
      ratio: rate / peerRate,
      target: '>= 8 of peer',
      holds: rate / peerRate >= 8,
      n: results,
    },
    {
      ...atMost({ name: 'history.read-day', what: '24 h of one monitor, CPU', unit: 'ms', ours: day, n: READS }, 1),
      peer: peerDay,
      peer_name: PEER,
      ratio: day / peerDay,
    },
  ]
}

/** One monitor asked each minute for a year. */
const yearRow = async (folder: string): Promise<Row> => {
  const store = openHistoryStore(join(folder, 'year.db'))
  const peer = openPeer(join(folder, 'year-rows.db'))
  const random = createRandom()
  const days = 365
  for (let day = 0; day < days; day++) {
    const batch = minuteOf(day * 1440, random, 1440)
    for (let minute = 0; minute < 1440; minute++) {
      batch.at[minute] = START + (day * 1440 + minute) * MINUTE
      batch.latency[minute] = Math.round(20_000 * (0.85 + random() * 0.3))
    }
    batch.monitorIds.fill(1)
    store.append(batch)
    peer.append(batch)
    while (store.compact(START + (day + 1) * 1440 * MINUTE) > 0);
  }
  const end = START + days * 1440 * MINUTE
  const ours = await readMs(() => store.series(1, START, end, 24 * HOUR))
  const theirs = await readMs(() => peer.hours(1))
  store.close()
  peer.close()
  const row = { name: 'history.read-year', what: 'a year of one monitor, by days, CPU', unit: 'ms', ours, n: READS }
  return { ...atMost(row, 5), peer: theirs, peer_name: PEER, ratio: ours / theirs }
}

const monitorOf = (index: number): MonitorSpec => ({
  name: `target-${index}`,
  type: 'icmp',
  options: { host: '192.0.2.1' },
  intervalMs: MINUTE,
  timeoutMs: 1000,
  failures: { count: 3, of: 3 },
  successes: { count: 3, of: 3 },
  retryIntervalMs: 5000,
  recoveryIntervalMs: 15_000,
  resetFailures: 'never',
  severity: 'HIGH',
  degradedSeverity: 'MEDIUM',
  labels: {},
  channels: [],
  reminderMs: [],
  notifyRecovery: true,
  paused: false,
})

const lastStateRow = async (folder: string): Promise<Row> => {
  const storage = await openStorage({ dataDir: folder, databaseUrl: undefined })
  const peer = openPeer(join(folder, 'last-rows.db'))
  const random = createRandom()
  for (let minute = 0; minute < 20; minute++) peer.append(minuteOf(minute, random, STATES))
  await storage.transaction(async ({ monitors, states }) => {
    for (let index = 0; index < STATES; index++)
      await states.saveAll([
        {
          monitorId: await monitors.save(monitorOf(index), START),
          from: 'unknown',
          to: 'up',
          since: START,
          previousSince: START,
          at: START,
          code: 'ok',
          cause: undefined,
          sentence: '',
          facts: {},
        },
      ])
  })
  const ours = await readMs(() => storage.states.all())
  const theirs = await readMs(() => peer.last())
  await storage.close()
  peer.close()
  return atMostRow({ ours, theirs })
}

const atMostRow = ({ ours, theirs }: { ours: number; theirs: number }): Row => {
  const what = `last state of ${STATES} monitors, CPU`
  const row = { name: 'history.last-state', what, unit: 'ms', ours, n: READS }
  return { ...atMost(row, 20), peer: theirs, peer_name: PEER, ratio: ours / theirs }
}

const BULK = ['history.bytes', 'history.write', 'history.read-day']

export const benchmark: Benchmark = {
  names: [...BULK, 'history.read-year', 'history.last-state'],
  run: async (only = '') => {
    const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
    const asked = (name: string) => name.startsWith(only)
    try {
      return [
        ...(BULK.some(asked) ? (await bulkRows(folder)).filter(({ name }) => asked(name)) : []),
        ...(asked('history.read-year') ? [await yearRow(folder)] : []),
        ...(asked('history.last-state') ? [await lastStateRow(join(folder, 'states'))] : []),
      ]
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}
