import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { coreWaitSecondsOf, cpuSecondsOf, end, residentMbOf, startOnCore } from './load/process.ts'

/** What is measured: this checkout, or an installed package that `VIGIA_BENCH_BIN` names. */
export const BIN = process.env.VIGIA_BENCH_BIN ?? resolve(import.meta.dirname, '../bin/vigia.mjs')

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
  /** Seconds for which it was ready to run and the core was given to others: a busy machine shows here. */
  coreWaitSeconds(): number
  residentMb(): number
  /** Bytes that it caused to be written to disk. */
  writtenBytes(): number
  /** A new token; it may read only, unless another role is named. */
  token(role?: 'viewer' | 'operator'): string
  /** Kills the process as a power cut would, and starts it again on the same data. */
  killAndRestart(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts `vigia serve` with a configuration on one core (where taskset exists) and waits until HTTP answers. What it
 * should find there already, `prepare` puts into its data folder.
 */
export const startBenchServer = async (
  config: object,
  port: number,
  prepare?: (dataFolder: string) => void,
): Promise<BenchServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
  const file = join(folder, 'vigia.yaml')
  writeFileSync(file, JSON.stringify(config))
  const url = `http://127.0.0.1:${port}`
  const serve = [
    process.execPath,
    // As `npm start` does, and the launcher where it starts the bundled Node.
    '--v8-pool-size=1',
    BIN,
    'serve',
    '--config',
    file,
    '--data',
    join(folder, 'data'),
    '--port',
    String(port),
  ]
  const start = () => startOnCore(serve, `${url}/healthz`)
  if (prepare) {
    // A history without the rest of a server's data is refused: it begins as any other, and is filled while it rests.
    await end(await start(), 'SIGTERM')
    prepare(join(folder, 'data'))
  }
  const started = performance.now()
  let child = await start()
  const startedInMs = performance.now() - started
  const pid = () => child.pid!
  return {
    get pid() {
      return pid()
    },
    url,
    startedInMs,
    cpuSeconds: () => cpuSecondsOf(pid()),
    mainThreadSeconds: () => cpuSecondsOf(pid(), pid()),
    coreWaitSeconds: () => coreWaitSecondsOf(pid()),
    residentMb: () => residentMbOf(pid()),
    writtenBytes: () => Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid()}/io`, 'utf8'))?.[1]),
    token: (role = 'viewer') => {
      const args = [BIN, 'token', 'create', '--role', role, '--data', join(folder, 'data')]
      return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()
    },
    killAndRestart: async () => {
      await end(child, 'SIGKILL')
      child = await start()
    },
    stop: async () => {
      await end(child, 'SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
