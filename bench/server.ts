import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const BIN = resolve(import.meta.dirname, '../bin/vigia.mjs')
const TICKS_PER_SECOND = 100

/** A running product, in a process of its own, as a user starts it. */
export interface BenchServer {
  readonly pid: number
  readonly url: string
  /** From the start of the process to the first HTTP answer, ms. */
  readonly startedInMs: number
  /** CPU seconds of the process so far, user and system. */
  cpuSeconds(): number
  /** Of its main thread alone. */
  mainThreadSeconds(): number
  residentMb(): number
  /** Bytes that it caused to be written to disk. */
  writtenBytes(): number
  stop(): Promise<void>
}

const answers = async (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  )

/** Starts `vigia serve` with a configuration on one core (where taskset exists) and waits until HTTP answers. */
export const startBenchServer = async (config: object, port: number): Promise<BenchServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
  const file = join(folder, 'vigia.yaml')
  writeFileSync(file, JSON.stringify(config))
  const url = `http://127.0.0.1:${port}`
  const started = performance.now()
  const serve = [
    process.execPath,
    BIN,
    'serve',
    '--config',
    file,
    '--data',
    join(folder, 'data'),
    '--port',
    String(port),
  ]
  const child: ChildProcess = spawn('taskset', ['-c', '0', ...serve], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, LOG_LEVEL: 'error' },
  })
  let startedInMs = Number.NaN
  for (let attempt = 0; attempt < 3000 && child.exitCode === null; attempt++) {
    if (await answers(url)) {
      startedInMs = performance.now() - started
      break
    }
    await new Promise((later) => setTimeout(later, 10))
  }
  if (Number.isNaN(startedInMs)) throw new Error('the server did not start')
  const pid = child.pid!
  const proc = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8')
  const field = (name: string, key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(proc(name))?.[1])
  const cpuIn = (name: string) => {
    const stat = proc(name)
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  }
  return {
    pid,
    url,
    startedInMs,
    cpuSeconds: () => cpuIn('stat'),
    mainThreadSeconds: () => cpuIn(`task/${pid}/stat`),
    residentMb: () => field('status', 'VmRSS') / 1024,
    writtenBytes: () => field('io', 'write_bytes'),
    stop: async () => {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
