import { execFileSync } from 'node:child_process'
import { because } from '#core/cause/cause.ts'
import { emptySummary, mergeSummary, type Summary } from '#storage/history/points.ts'
import { DAY, HOUR } from '#storage/history/spans.ts'
import type { ImportedSpan } from '#storage/imported-history.ts'
import { SourceError } from '../import-plan.ts'
import { summaryOf } from '../rolled-up.ts'
import type { SourceFile } from '../source.ts'

interface Archive {
  readonly stepMs: number
  readonly rows: readonly { readonly endsAt: number; readonly values: readonly number[] }[]
}

const numberIn = (text: string, tag: string): number =>
  Number(new RegExp(`<${tag}>\\s*([^<]*?)\\s*</${tag}>`).exec(text)?.[1] ?? Number.NaN)

const ROW = /<!--[^>]*?\/\s*(\d+)\s*-->\s*<row>(.{0,20000}?)<\/row>/gs

const archivesOf = (text: string): Archive[] => {
  const step = numberIn(text, 'step')
  if (!(step > 0)) return []
  return text
    .split('<rra>')
    .slice(1)
    .flatMap((part): Archive[] => {
      const rows = numberIn(part, 'pdp_per_row')
      if (!/<cf>\s*AVERAGE\s*<\/cf>/.test(part) || !(rows > 0)) return []
      const found = [...part.matchAll(ROW)].map(([, at, row]) => ({
        endsAt: Number(at) * 1000,
        values: [...row!.matchAll(/<v>\s*([^<]*?)\s*<\/v>/g)].map(([, value]) => Number(value)),
      }))
      return [{ stepMs: step * rows * 1000, rows: found }]
    })
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null
const ms = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000)

/**
 * What a row says: the share of packets that were lost, and how long the rest took. A row of more than one round is a mean:
 * an outage in it is smeared over all of it, so that only one that filled it counts as failed.
 */
const rowSummary = (values: readonly number[], names: readonly string[], looks: number): Summary | undefined => {
  const of = (name: string) => finite(values[names.indexOf(name)])
  const pings = names.flatMap((name, index) => (/^ping\d+$/.test(name) ? [index] : []))
  const loss = of('loss')
  if (loss === null || pings.length === 0) return undefined
  const share = Math.min(1, Math.max(0, loss / pings.length))
  const failed = share > 1 - 0.5 / pings.length ? looks : 0
  const answers = pings.flatMap((index) => finite(values[index]) ?? [])
  const sorted = answers.toSorted((a, b) => a - b)
  return summaryOf({
    up: looks - failed,
    failed,
    avg: ms(of('median')),
    min: ms(sorted[0] ?? null),
    max: ms(sorted.at(-1) ?? null),
    loss: share,
  })
}

const LONGEST_DUMP = 128 * 1024 ** 2
const PATIENCE_MS = 60_000

/** Whether this machine can dump a database: their form depends on where they were written. */
export const canDump = (): boolean => {
  try {
    execFileSync('rrdtool', ['--version'], { stdio: 'ignore', timeout: PATIENCE_MS })
    return true
  } catch {
    return false
  }
}

const dumped = (file: SourceFile): string => {
  try {
    return execFileSync('rrdtool', ['dump', file.path], {
      encoding: 'utf8',
      maxBuffer: LONGEST_DUMP,
      timeout: PATIENCE_MS,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    const why = (stderr?.trim() || message).split('\n', 1)[0]!
    throw new SourceError({ file: file.name }, because('import_database_damaged', { why }))
  }
}

/** A database of SmokePing, dumped or dumped here, as sums of hours, and of days where it knew no finer; each time from its finest archive. */
export const smokeHistory = (file: SourceFile): readonly ImportedSpan[] => {
  const text = file.name.endsWith('.rrd') ? dumped(file) : file.text()
  const names = [...text.split('<rra>', 1)[0]!.matchAll(/<name>\s*([^<]*?)\s*<\/name>/g)].map(([, name]) => name!)
  const hours = new Map<number, Summary>()
  const days = new Map<number, Summary>()
  const finest = archivesOf(text).toSorted((a, b) => a.stepMs - b.stepMs)
  const step = finest[0]?.stepMs ?? 0
  /** Before this a finer archive knows nothing. */
  let known = Number.POSITIVE_INFINITY
  for (const { stepMs, rows } of finest) {
    const isHours = stepMs <= HOUR
    const into = isHours ? hours : days
    const length = isHours ? HOUR : DAY
    let first = known
    for (const { endsAt, values } of rows) {
      const start = endsAt - stepMs
      const at = start - (start % length)
      // An hour, or a day, is told by one archive alone.
      if (!Number.isSafeInteger(start) || start <= 0 || at + length > known) continue
      const summary = rowSummary(values, names, Math.max(1, Math.round(stepMs / step)))
      if (!summary) continue
      first = Math.min(first, at)
      mergeSummary(into.getOrInsertComputed(at, emptySummary), summary)
    }
    known = first - (first % (isHours ? HOUR : DAY))
  }
  const covered = new Set([...hours.keys()].map((start) => start - (start % DAY)))
  return [
    ...[...days]
      .filter(([start]) => !covered.has(start))
      .map(([start, summary]) => ({ start, hours: 24 as const, summary })),
    ...[...hours].map(([start, summary]) => ({ start, hours: 1 as const, summary })),
  ].toSorted((a, b) => a.start - b.start)
}
