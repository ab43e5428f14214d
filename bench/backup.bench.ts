import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freePort } from './load/index.ts'
import { atMost, type Benchmark, median, type Row } from './row.ts'
import { startBenchServer } from './server.ts'

const BIN = resolve(import.meta.dirname, '../bin/vigia.mjs')
const MB = 1024 * 1024
const SIZE_MB = 260
const TEXT = 'x'.repeat(800)
const BATCH = 1000
const RATE = 50
const RUNS = 3

/** One backup by the command, as an operator makes it, ms. */
const backup = (data: string): Promise<number> => {
  const target = mkdtempSync(join(tmpdir(), 'vigia-bench-backup-'))
  const began = performance.now()
  return new Promise((done, fail) => {
    execFile(process.execPath, [BIN, 'backup', target, '--data', data], (error) => {
      const ms = performance.now() - began
      rmSync(target, { recursive: true, force: true })
      if (error) fail(error)
      else done(ms)
    })
  })
}

const medianOf = async (work: () => Promise<number>): Promise<number> => {
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) times.push(await work())
  return median(times)
}

const measure = async (): Promise<readonly Row[]> => {
  let data = ''
  const server = await startBenchServer({}, await freePort(), (folder) => {
    data = folder
  })
  try {
    const headers = { authorization: `Bearer ${server.token('operator')}`, 'content-type': 'application/json' }
    const post = async (events: object) => {
      const answer = await fetch(`${server.url}/api/v1/events`, {
        method: 'POST',
        headers,
        body: JSON.stringify(events),
      })
      await answer.arrayBuffer()
      if (answer.status !== 202) throw new Error(`an event was answered with ${answer.status}`)
    }
    const batch = Array.from({ length: BATCH }, (_, index) => ({ type: 'bench', subject: `host-${index}`, text: TEXT }))
    const sizeMb = () => statSync(join(data, 'vigia.db')).size / MB
    while (sizeMb() < SIZE_MB) await post(batch)
    const quiet = await medianOf(() => backup(data))
    let failed: unknown
    const timer = setInterval(
      () =>
        void post({ type: 'bench', subject: 'host', text: TEXT }).catch((error) => {
          failed = error
        }),
      1000 / RATE,
    )
    const busy = await medianOf(() => backup(data)).finally(() => clearInterval(timer))
    if (failed) throw failed
    const what = `backup of ${sizeMb().toFixed(0)} MB under ${RATE} events/s: ${Math.round(busy)} ms, quiet ${Math.round(quiet)} ms`
    return [atMost({ name: 'backup.busy', what, unit: 'times', ours: busy / quiet, n: RUNS }, 3)]
  } finally {
    await server.stop()
  }
}

/** Copies of the databases while the server writes, beside those of a quiet one. */
export const benchmark: Benchmark = { names: ['backup.busy'], run: measure }
