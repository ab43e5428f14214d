import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'

const BIN = resolve(import.meta.dirname, '../../bin/vigia.mjs')
const folder = mkdtempSync(join(tmpdir(), 'vigia-replay-'))
after(() => rmSync(folder, { recursive: true }))

const scan = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) =>
    JSON.stringify({
      ts: 1_772_323_200 + from + index,
      'id.orig_h': '198.51.100.7',
      'id.orig_p': 40_000,
      'id.resp_h': '192.0.2.5',
      'id.resp_p': 1000 + from + index,
      proto: 'tcp',
      conn_state: 'S0',
      history: 'S',
    }),
  ).join('\n')

writeFileSync(join(folder, 'conn.1.log.gz'), gzipSync(scan(10, 20)))
writeFileSync(join(folder, 'conn.log'), `${scan(0, 10)}\nrubbish\n`)

const replay = (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((done) => {
    execFile(process.execPath, [BIN, 'replay', ...args], (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    )
  })

describe('vigia replay', () => {
  it('prints one event a line, and tells the rest on stderr', async () => {
    const { code, out, err } = await replay(folder, '--json')
    assert.equal(code, 0)
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    assert.equal(events.length, 1)
    assert.partialDeepStrictEqual(events[0], {
      type: 'zeek_detection',
      detection_type: 'port_scan',
      ip: '198.51.100.7',
      dest_ip: '192.0.2.5',
      severity: 'LOW',
      first_seen: '2026-03-01T00:00:00.000Z',
    })
    assert.match(err, /conn\.log: 1 of 11 lines left out \(no header before it: 1\)/)
    assert.match(err, /20 records of 2 files/)
  })

  it('ends well when it finds nothing', async () => {
    const { code, out } = await replay(folder, '--detectors', 'dga,beaconing', '--json')
    assert.deepEqual([code, out], [0, ''])
  })

  it('says what is wrong with its arguments', async () => {
    const unknown = await replay(folder, '--detectors', 'ports')
    assert.equal(unknown.code, 2)
    assert.match(unknown.err, /no detector is called "ports"; there are port_scan, /)
    const gone = await replay(join(folder, 'gone'))
    assert.equal(gone.code, 2)
    assert.match(gone.err, /gone: no such file or folder/)
  })
})
