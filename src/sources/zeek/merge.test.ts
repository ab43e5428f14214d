import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { ZeekRecord } from '#core/event/zeek-record.ts'
import type { FileReport } from '../stored-file.ts'
import { mergeZeekFiles } from './merge.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigia-zeek-'))
after(() => rmSync(folder, { recursive: true }))

const FIELDS = '#fields\tts\tid.orig_h\tid.resp_h\tproto\tduration\tconn_state\n'
const line = (ts: number, duration = '-') => `${ts}\t10.0.0.1\t10.0.0.2\ttcp\t${duration}\tSF\n`

const write = (name: string, content: string | Buffer): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const merge = async (paths: readonly string[]) => {
  const records: ZeekRecord[] = []
  const reports: FileReport[] = []
  for await (const batch of mergeZeekFiles(paths, { onFile: (report) => void reports.push(report) }))
    records.push(...batch)
  return { seconds: records.map(({ timeMs }) => timeMs / 1000), kinds: records.map(({ kind }) => kind), reports }
}

describe('many logs as one', () => {
  it('in the order of writing, whatever their names, packed or not', async () => {
    const paths = [
      write('conn.10:00:00-11:00:00.log.gz', gzipSync(FIELDS + line(200) + line(300))),
      write('a-conn.log', FIELDS + line(400) + line(100, '450')),
      write('conn.09:00:00-10:00:00.log', FIELDS + line(50) + line(150)),
      write(
        'whatever.gz',
        gzipSync(
          `${JSON.stringify({ ts: 210, 'id.orig_h': '10.0.0.1', 'id.resp_h': '10.0.0.9', query: 'a.b', qtype: 1 })}\n`,
        ),
      ),
    ]
    const { seconds, kinds } = await merge(paths)
    // The connection that began at 100 was written at 550, when it ended.
    assert.deepEqual(seconds, [50, 150, 200, 210, 300, 400, 100])
    assert.deepEqual(kinds, ['conn', 'conn', 'conn', 'dns', 'conn', 'conn', 'conn'])
  })

  it('reads what can be read of a damaged archive, and says so', async () => {
    const many = FIELDS + Array.from({ length: 50_000 }, (_, index) => line(index + 1)).join('')
    const whole = gzipSync(many)
    const { seconds, reports } = await merge([write('cut.log.gz', whole.subarray(0, whole.length >> 1))])
    assert.ok(seconds.length > 1000 && seconds.length < 50_000)
    assert.match(reports[0]!.problem ?? '', /unexpected end/)
    assert.equal(reports[0]!.bad, 0, 'the piece of a line at its end is no line')
  })

  it('counts what is no log', async () => {
    const { seconds, reports } = await merge([
      write('notes.txt', 'a\nb\n'),
      write('empty.log', ''),
      join(folder, 'gone.log'),
    ])
    assert.deepEqual(seconds, [])
    assert.deepEqual(
      reports.map(({ lines, records, kind }) => [lines, records, kind]),
      [
        [2, 0, undefined],
        [0, 0, undefined],
        [0, 0, undefined],
      ],
    )
    assert.match(reports[2]!.problem ?? '', /ENOENT/)
  })
})
