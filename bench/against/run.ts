import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Row } from '../row.ts'
import { type Compared, compare, runsFor, type Spread } from './compare.ts'
import { measurePace, type Pace } from './drift.ts'
import { checkOut, commitOf, type OldSide } from './old-side.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const ONE = join(import.meta.dirname, 'one.ts')

interface Asked {
  /** The prefix of the rows that are wanted. */
  readonly only: string | undefined
  readonly signal: AbortSignal
}

interface Once {
  readonly seconds: number
  readonly rows: readonly Row[]
}

/** Runs a benchmark file of a checkout once, in a process of its own that stands in that checkout. */
const runOnce = async (checkout: string, name: string, { only, signal }: Asked): Promise<Once> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
  const output = join(folder, 'rows.json')
  try {
    const args = [ONE, join(checkout, 'bench', name), output, ...(only === undefined ? [] : [only])]
    const child = spawn(process.execPath, args, { cwd: checkout, stdio: ['ignore', 'ignore', 'pipe'] })
    let complaints = ''
    child.stderr.setEncoding('utf8').on('data', (text) => {
      complaints = (complaints + text).slice(-2000)
    })
    const end = () => child.kill('SIGTERM')
    signal.addEventListener('abort', end, { once: true })
    const [code] = await once(child, 'close')
    signal.removeEventListener('abort', end)
    signal.throwIfAborted()
    if (!existsSync(output)) throw new Error(`bench/${name} of ${checkout} ended with ${code}: ${complaints}`)
    return JSON.parse(readFileSync(output, 'utf8')) as Once
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Both sides in turn, so that what the machine does meanwhile meets both; who begins changes with every round. */
const measure = async (name: string, old: string, asked: Asked): Promise<readonly Compared[]> => {
  const ours: (readonly Row[])[] = []
  const theirs: (readonly Row[])[] = []
  const our = async () => {
    const { rows, seconds } = await runOnce(ROOT, name, asked)
    ours.push(rows)
    return seconds
  }
  const their = async () => {
    if (existsSync(join(old, 'bench', name))) theirs.push((await runOnce(old, name, asked)).rows)
  }
  const runs = runsFor(await our())
  await their()
  for (let round = 1; round < runs; round++) for (const side of round % 2 ? [their, our] : [our, their]) await side()
  return compare(ours, theirs)
}

const number = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3))
const spread = (side: Spread | null): string =>
  side === null ? '-' : `${number(side.median)} (${number(side.min)} … ${number(side.max)})`

const WIDTHS = [22, 12, 30, 30, 7, 5] as const
const line = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0))
    .join(' ')
    .trimEnd()

const describe = ({ name, part, unit, ours, theirs, ratio, verdict, what }: Compared): string =>
  line([
    part === 0 ? name : `${name} ${part + 1}`,
    unit,
    spread(ours),
    spread(theirs),
    ratio === null ? '-' : ratio.toFixed(3),
    String((ours ?? theirs)?.values.length ?? 0),
    `${verdict ?? (ours ? 'only ours' : theirs ? 'only theirs' : 'skipped')}  ${what.slice(0, 60)}`,
  ])

const driftOf = (before: Pace, after: Pace): string => {
  const change = (key: keyof Pace) => `${number(before[key])} ms before, ${number(after[key])} ms after`
  return `a fixed loop took of the processor ${change('cpuMs')}; of the clock ${change('wallMs')}`
}

export interface AgainstOptions {
  readonly against: string
  /** The benchmark files, of which each has some of the rows. */
  readonly files: readonly string[]
  readonly only: string | undefined
  readonly json: string | undefined
}

/** Measures this checkout against a commit and prints one table; the exit code: 0, 1 for a worse row, 2 for an obstacle. */
export const runAgainst = async ({ against, files, only, json }: AgainstOptions): Promise<number> => {
  const commit = commitOf(against)
  if (typeof commit === 'object') {
    console.error(`bench: ${commit.obstacle}`)
    return 2
  }
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stopped.abort(new Error(`stopped by ${signal}`)))
  let old: OldSide | undefined
  try {
    old = checkOut(commit)
    const before = measurePace()
    console.log(
      line(['row', 'unit', 'ours (min … max)', `${commit.slice(0, 9)} (min … max)`, 'ratio', 'runs', 'verdict']),
    )
    const rows: Compared[] = []
    for (const file of files) {
      const made = await measure(file, old.folder, { only, signal: stopped.signal })
      rows.push(...made)
      for (const row of made) console.log(describe(row))
    }
    const after = measurePace()
    console.log(driftOf(before, after))
    if (json !== undefined) {
      const found = { against: commit, drift: { before, after }, rows }
      writeFileSync(json, `${JSON.stringify(found, null, 2)}\n`)
    }
    return rows.some(({ verdict }) => verdict === 'WORSE') ? 1 : 0
  } catch (error) {
    console.error(`bench: ${(error as Error).message}`)
    return 2
  } finally {
    old?.remove()
  }
}
