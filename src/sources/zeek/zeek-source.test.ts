import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { NewEvent } from '#core/event/event.ts'
import { detectorTypes } from '#detectors/index.ts'
import { createDetections } from '#detectors/run.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { createMemoryPositions } from '../../../test/fixtures/memory-positions.ts'
import { mergeZeekFiles } from './merge.ts'
import { createTimeGate } from './time-gate.ts'
import { startZeekSource, type ZeekSource, type ZeekSourceOptions } from './zeek-source.ts'

const START_S = 1_772_323_200
const ends = { 'id.orig_h': '10.0.0.5', 'id.orig_p': 40_000, 'id.resp_h': '203.0.113.9', 'id.resp_p': 443 }
const line = (fields: object) => `${JSON.stringify({ ...ends, ...fields })}\n`
const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join('')

/** Every five minutes, to a routine service, as only the log of TLS tells. */
const updates = (from: number, to: number) => ({
  conn: times(to - from, (index) =>
    line({
      ts: START_S + (from + index) * 300,
      uid: `C${from + index}`,
      proto: 'tcp',
      service: 'ssl',
      conn_state: 'SF',
      duration: 1,
      orig_ip_bytes: 900,
    }),
  ),
  ssl: times(to - from, (index) =>
    line({
      ts: START_S + (from + index) * 300,
      uid: `C${from + index}`,
      server_name: 'fe2.update.microsoft.com',
      established: true,
    }),
  ),
})
const scan = (count: number) =>
  times(count, (index) =>
    line({
      ts: START_S + index,
      'id.orig_h': '198.51.100.7',
      'id.resp_p': 1 + index,
      proto: 'tcp',
      conn_state: 'S0',
      history: 'S',
    }),
  )

describe('Zeek logs that are followed', () => {
  let folder: string
  let ending: AbortController
  let source: ZeekSource | undefined
  let stored: NewEvent[]
  const at = (name: string) => join(folder, name)

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-zeek-'))
    ending = new AbortController()
    stored = []
  })
  afterEach(async () => {
    ending.abort()
    await source?.ended
    rmSync(folder, { recursive: true })
  })

  const start = (options: Partial<ZeekSourceOptions> = {}): ZeekSource => {
    source = startZeekSource({
      name: 'test',
      logs: [folder],
      detections: createDetections([...detectorTypes.values()]),
      positions: createMemoryPositions(),
      timers: systemTimers,
      wall: Date.now,
      record: async (events) => void stored.push(...events),
      signal: ending.signal,
      pollMs: 60_000,
      ...options,
    })
    return source
  }

  it('says the same of what was written before it came as a replay, whatever the order of the files', async () => {
    const { conn, ssl } = updates(0, 150)
    writeFileSync(at('conn.log'), scan(30) + conn)
    writeFileSync(at('ssl.log'), ssl)
    await start().readNow()
    const replayed = createDetections([...detectorTypes.values()])
    const expected: NewEvent[] = []
    for await (const batch of mergeZeekFiles([at('conn.log'), at('ssl.log')]))
      for (const record of batch) expected.push(...replayed.observe(record))
    assert.deepEqual(
      stored,
      expected.map((event) => ({ ...event, source: 'zeek:test' })),
    )
    assert.deepEqual([...new Set(stored.map(({ data }) => data.detection_type))], ['port_scan'])
  })

  it('goes on through rotation, and reads a log that two patterns name once', async () => {
    writeFileSync(at('conn.log'), scan(10))
    const { readNow, stats } = start({ logs: [folder, at('conn.log'), folder] })
    await readNow()
    appendFileSync(at('conn.log'), scan(20).slice(scan(10).length, -10))
    await readNow()
    const rest = scan(20).slice(-10)
    appendFileSync(at('conn.log'), rest)
    renameSync(at('conn.log'), at('conn.1.log'))
    writeFileSync(at('conn.log'), scan(40).slice(scan(20).length))
    await readNow()
    const records = stats().reduce((sum, { follow }) => sum + follow.lines, 0)
    assert.equal(records, 40)
    assert.equal(stats().find(({ path }) => path === at('conn.log'))?.parsed?.bad, 0)
    assert.equal(stored.length, 1)
  })

  it('knows a log by what it holds, whatever stands around its name', async () => {
    writeFileSync(at('SITE_conn.log.labeled'), scan(20))
    await start().readNow()
    assert.equal(stored.length, 1)
  })

  it('reads what rotation left behind when it is asked to', async () => {
    writeFileSync(at('conn.00:00:00-01:00:00.log.gz'), gzipSync(scan(20)))
    writeFileSync(at('conn.log'), scan(25).slice(scan(20).length))
    await start().readNow()
    assert.equal(stored.length, 0)
    ending.abort()
    await source!.ended
    ending = new AbortController()
    const seen: string[] = []
    await start({ backfill: true, onProgress: ({ path }) => seen.push(path) }).readNow()
    assert.equal(stored.length, 1)
    assert.deepEqual(seen.slice(0, 2), [at('conn.00:00:00-01:00:00.log.gz'), at('conn.log')])
  })

  it('loses no detection when the store refuses it, and counts no line twice', async () => {
    writeFileSync(at('conn.log'), scan(15))
    let refusals = 2
    const detections = createDetections([...detectorTypes.values()])
    const { readNow } = start({
      detections,
      record: async (events) => {
        if (refusals-- > 0) throw new Error('the disk is full')
        stored.push(...events)
      },
    })
    await assert.rejects(readNow(), /disk is full/)
    appendFileSync(at('conn.log'), scan(18).slice(scan(15).length))
    while (refusals > 0) await assert.rejects(readNow(), /disk is full/)
    await readNow()
    assert.equal(stored.length, 1)
    assert.equal(detections.stats().records, 18)
  })
})

describe('turns among logs', () => {
  it('come in the order of time, and a log that ends keeps nobody waiting', async () => {
    const gate = createTimeGate()
    const order: number[] = []
    const read = (log: string, moments: readonly number[]) =>
      gate.within(log, async () => {
        for (const at of moments) {
          await gate.turn(log, at)
          order.push(at)
        }
      })
    await Promise.all([read('a', [1, 4, 9]), read('b', [2, 3, 10]), read('c', []), read('d', [5])])
    assert.deepEqual(order, [1, 2, 3, 4, 5, 9, 10])
  })
})
