import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { before, describe, it } from 'node:test'
import { lacksIpv6, lacksOwnNetwork } from '../fixtures/machine.ts'

/** Debian's Python is the one whose modules come as packages. */
const PYTHON = '/usr/bin/python3'
const works = (command: string, ...args: readonly string[]) => spawnSync(command, args).status === 0
const skip =
  lacksOwnNetwork('ss') ||
  lacksIpv6 ||
  (!works(PYTHON, '-c', 'import psutil, prometheus_client') && 'needs python3-psutil and python3-prometheus-client')

type Served = Readonly<Record<'older' | 'ours', string>>

describe('beside an exporter of the older kind, on the same sockets', { skip }, () => {
  let served: Readonly<Record<'text' | 'openmetrics', Served>>
  let ss: string
  before(() => {
    const script = join(import.meta.dirname, '../fixtures/older-exporter.py')
    const bin = resolve(import.meta.dirname, '../../bin/vigia.mjs')
    const output = execFileSync('unshare', ['-n', PYTHON, script, process.execPath, bin, 'exporter'], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    ;({ served, ss } = JSON.parse(output))
  })

  const olderLines = (text: string) => text.split('\n').filter((line) => /conexiones_|estado_actual_/.test(line))

  for (const format of ['text', 'openmetrics'] as const)
    it(`the series are the same to the byte: ${format}`, () => {
      const { older, ours } = served[format]
      assert.equal(olderLines(older).length, 30)
      assert.deepEqual(olderLines(ours), olderLines(older))
    })

  it('and both are as ss says', () => {
    const count = (state: string, port: number) =>
      ss.split('\n').filter((line) => line.startsWith(state) && line.split(/\s+/)[3]!.endsWith(`:${port}`)).length
    for (const [port, established, closing, waiting] of [
      [3000, 9, 3, 6],
      [8080, 9, 2, 1],
    ] as const) {
      assert.deepEqual(
        [count('ESTAB', port), count('CLOSE-WAIT', port), count('TIME-WAIT', port)],
        [established, closing, waiting],
      )
      const text = served.text.ours
      assert.match(text, new RegExp(`^conexiones_established_${port} ${established}\\.0$`, 'm'))
      assert.match(text, new RegExp(`^conexiones_total_${port} ${established + closing + waiting}\\.0$`, 'm'))
    }
  })
})
