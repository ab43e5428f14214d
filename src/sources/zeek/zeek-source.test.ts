import assert from 'node:assert/strict'
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
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

  it('follows a folder that comes later, and the folders that a pattern names', async () => {
    const [later, loggers] = [at('later'), at('logger-*')]
    const troubles: string[] = []
    const { readNow, stats, silent } = start({ logs: [later, loggers], onTrouble: (text) => troubles.push(text) })
    await readNow()
    assert.deepEqual(silent(), [
      { path: later, reason: 'absent' },
      { path: loggers, reason: 'no_match' },
    ])
    await readNow()
    assert.equal(troubles.length, 2)
    assert.match(troubles[0]!, /later does not exist yet/)
    for (const folder of [later, at('logger-1'), at('logger-2')]) mkdirSync(folder)
    await readNow()
    assert.deepEqual(
      silent().map(({ reason }) => reason),
      ['empty_folder', 'empty_folder'],
    )
    writeFileSync(join(later, 'conn.log'), scan(10))
    writeFileSync(join(at('logger-1'), 'conn.log'), scan(12))
    writeFileSync(join(at('logger-2'), 'conn.log'), scan(20))
    await readNow()
    await readNow()
    assert.deepEqual(silent(), [])
    assert.equal(stored.length, 1)
    assert.deepEqual(
      stats().map(({ follow }) => follow.lines),
      [10, 12, 20],
    )
  })

  it('says once of a log why nothing can be read of it', async () => {
    const shipped = JSON.stringify({ '@timestamp': '2026-11-25T10:01:03Z', source: { ip: '10.0.0.1' } })
    writeFileSync(at('conn.log'), `${shipped}\n`.repeat(40))
    writeFileSync(at('dns.log'), 'no table of anybody\n'.repeat(40))
    writeFileSync(at('ssl.log'), `${line({ ts: 17_543_429_360.2, server_name: 'a.example' })}`.repeat(40))
    writeFileSync(at('http.log.1.xz'), Buffer.from('fd377a585a0000', 'hex'))
    writeFileSync(at('mine.log'), '{"made":1}\n'.repeat(40))
    writeFileSync(at('smtp.log'), 'nothing of ours\n'.repeat(40))
    const troubles: string[] = []
    const { readNow, silent } = start({ onTrouble: (text) => troubles.push(text), backfill: true })
    await readNow()
    await readNow()
    assert.deepEqual(
      silent().map(({ path, reason, lines }) => [path.slice(folder.length + 1), reason, lines]),
      [
        ['conn.log', 'shipper', 40],
        ['dns.log', 'no_header', 40],
        ['http.log.1.xz', 'unreadable_form', undefined],
        ['ssl.log', 'wrong_time', 40],
      ],
    )
    assert.equal(troubles.length, 4)
    assert.match(troubles.join('\n'), /http.log.1.xz is packed with xz/)
    appendFileSync(at('ssl.log'), line({ ts: START_S, server_name: 'a.example' }))
    await readNow()
    assert.equal(silent().length, 3)
  })

  it('keeps the columns of a log that was copied and truncated, over a restart too', async () => {
    const fields = ['ts', 'uid', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'proto', 'conn_state', 'history']
    const header = `#separator \\x09\n#path\tconn\n#fields\t${fields.join('\t')}\n`
    const rows = (from: number, to: number) =>
      times(to - from, (index) => {
        const at = from + index
        return `${[START_S + at, `C${at}`, '198.51.100.7', 40_000, '203.0.113.9', 1 + at, 'tcp', 'S0', 'S'].join('\t')}\n`
      })
    const truncate = (from: number, to: number) => {
      copyFileSync(at('conn.log'), at('conn.log.1'))
      writeFileSync(at('conn.log'), rows(from, to))
    }
    writeFileSync(at('conn.log'), header + rows(0, 5))
    const first = start()
    await first.readNow()
    truncate(5, 10)
    await first.readNow()
    assert.equal(first.stats()[0]?.parsed?.bad, 0)
    appendFileSync(at('conn.log.1'), '')
    ending.abort()
    await source!.ended
    ending = new AbortController()
    const again = start()
    appendFileSync(at('conn.log'), rows(10, 12))
    await again.readNow()
    assert.equal(again.stats()[0]?.parsed?.records, 7)
    const replayed = await Array.fromAsync(mergeZeekFiles([at('conn.log.1'), at('conn.log')]))
    assert.equal(replayed.flat().length, 12)
  })

  it('two writers that shared a file leave times that nobody believes', async () => {
    const liar = (ts: number) => line({ ts, proto: 'tcp', conn_state: 'SF', duration: 1 })
    const later = START_S + 40 * 86_400
    const text = updates(0, 10).conn + liar(later) + liar(later + 1) + liar(17_543_429_361.2) + scan(30)
    writeFileSync(at('conn.log'), text)
    const detections = createDetections([...detectorTypes.values()])
    const { readNow, stats } = start({ detections })
    await readNow()
    assert.deepEqual(
      stored.map(({ data }) => data.detection_type),
      ['port_scan'],
    )
    assert.deepEqual(stats()[0]!.parsed!.reasons, { 'a time that cannot be': 2, 'no time': 1 })
    const replayed = createDetections([...detectorTypes.values()])
    const batches = await Array.fromAsync(mergeZeekFiles([at('conn.log')]))
    assert.equal(batches.flat().flatMap((record) => replayed.observe(record)).length, 1)
  })

  it('counts a connection once, whatever files tell of it', async () => {
    const { conn } = updates(0, 12)
    writeFileSync(at('conn.log'), conn)
    writeFileSync(at('json_streaming_conn.log'), conn.replaceAll('{"', '{"_path":"conn","'))
    const detections = createDetections([...detectorTypes.values()])
    await start({ detections }).readNow()
    assert.equal(detections.stats().repeated, 12)
    const replayed = createDetections([...detectorTypes.values()])
    for await (const batch of mergeZeekFiles([at('conn.log'), at('json_streaming_conn.log')]))
      for (const record of batch) replayed.observe(record)
    assert.equal(replayed.stats().repeated, 12)
    assert.deepEqual(stored, [])
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
