import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { atMost, type Benchmark, type Row } from './row.ts'
import { type Traffic, writeConnLog } from './zeek-lines.ts'

const LEAST_LINES_PER_SECOND = 100_000
const MOST_MB = 300

/** An hour of a network of 2,000 machines. */
const OFFICE: Traffic = { lines: 1_000_000, clients: 2000, servers: 100_000, seconds: 3600 }
/** Ten thousand machines and a million pairs of client and server, each of them seen three times in three hours. */
const PAIRS: Traffic = { lines: 3_000_000, clients: 10_000, servers: 0, pairs: 1_000_000, seconds: 10_800 }

interface Taken {
  readonly records: number
  readonly events: number
  readonly cpuSeconds: number
  readonly peakMb: number
}

/** As the product starts: with compiled code kept between starts, so that no process carries the compiler. */
const run = async (folder: string, path: string, classifier: boolean): Promise<Taken> => {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') }
  const worker = join(import.meta.dirname, 'zeek-worker.ts')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [worker, path, ...(classifier ? ['classifier'] : [])],
    { env },
  )
  return JSON.parse(stdout) as Taken
}

const measure = async (folder: string, traffic: Traffic, classifier = false): Promise<Taken> => {
  const path = join(folder, 'conn.log')
  writeConnLog(path, traffic)
  return run(folder, path, classifier)
}

/** Lines a CPU second through all detectors, with the classifier or as a fresh installation runs them. */
const rateRow = async (folder: string, classifier: boolean): Promise<Row> => {
  const { records, cpuSeconds } = await measure(folder, OFFICE, classifier)
  const rate = records / cpuSeconds
  return {
    name: classifier ? 'zeek.classifier' : 'zeek.rate',
    what: `conn lines through all detectors${classifier ? ' and the classifier' : ''}, per CPU second`,
    unit: 'lines/s',
    ours: rate,
    peer: null,
    peer_name: null,
    ratio: null,
    target: `>= ${LEAST_LINES_PER_SECOND} lines/s`,
    holds: records === OFFICE.lines && rate >= LEAST_LINES_PER_SECOND,
    n: records,
  }
}

/** Parsing and all detectors together, in a process of their own; CPU time, so that other work beside does not count. */
export const benchmark: Benchmark = {
  names: ['zeek.rate', 'zeek.classifier', 'zeek.memory'],
  run: async (only = ''): Promise<readonly Row[]> => {
    const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
    const rows: Row[] = []
    try {
      await measure(folder, { ...OFFICE, lines: 1000 })
      if ('zeek.rate'.startsWith(only)) rows.push(await rateRow(folder, false))
      if ('zeek.classifier'.startsWith(only)) rows.push(await rateRow(folder, true))
      if ('zeek.memory'.startsWith(only)) {
        const { records, peakMb } = await measure(folder, PAIRS)
        rows.push(
          atMost(
            {
              name: 'zeek.memory',
              what: 'resident with a million distinct pairs',
              unit: 'MB',
              ours: peakMb,
              n: records,
            },
            MOST_MB,
          ),
        )
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    return rows
  },
}
