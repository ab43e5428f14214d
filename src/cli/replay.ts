import type { Command } from 'commander'
import type { NewEvent } from '#core/event.ts'
import { eventFields } from '#core/event.ts'
import { createCorrelation } from '#detectors/correlation.ts'
import { detectorTypes } from '#detectors/index.ts'
import { createDetections } from '#detectors/run.ts'
import { findLogs } from '#sources/find-logs.ts'
import { type FileReport, mergeZeekFiles } from '#sources/zeek/merge.ts'
import { type AddCommand, CommandError } from './command.ts'

interface ReplayOptions {
  readonly detectors?: string
  readonly json?: boolean
}

const PROGRESS_MS = 100

const chosen = (names: string | undefined) => {
  if (names === undefined) return [...detectorTypes.values()]
  return names.split(',').map((name) => {
    const type = detectorTypes.get(name.trim())
    if (!type)
      throw new CommandError(
        `no detector is called "${name.trim()}"; there are ${[...detectorTypes.keys()].join(', ')}`,
      )
    return type
  })
}

const say = (text: string): void => void process.stderr.write(text)

const show = (event: NewEvent, json: boolean): void => {
  if (json) process.stdout.write(`${JSON.stringify(eventFields(event))}\n`)
  else {
    const at = new Date(event.at).toISOString().slice(0, 19).replace('T', ' ')
    process.stdout.write(
      `${at}  ${event.severity.padEnd(8)}  ${String(event.data.detection_type ?? event.type).padEnd(17)}  ${event.data.reason}\n`,
    )
  }
}

/** Redraws one line on a terminal; silent elsewhere, where it would only fill a log. */
const createProgress = (total: number) => {
  const shown = process.stderr.isTTY === true
  return {
    update: (done: number, records: number) => {
      if (!shown) return
      const share = total === 0 ? 1 : Math.min(1, done / total)
      const bar = '#'.repeat(Math.round(share * 30)).padEnd(30, '.')
      say(`\r[${bar}] ${Math.floor(share * 100)} %  ${records.toLocaleString('en')} records`)
    },
    end: () => shown && say('\r\x1b[K'),
  }
}

/** What was not read of a file, if anything. */
const tellFile = ({ path, kind, lines, bad, reasons, problem }: FileReport): void => {
  if (problem) say(`${path}: ${problem}; read up to there\n`)
  const why = Object.entries(reasons).map(([reason, count]) => `${reason}: ${count}`)
  if (bad > 0 && kind === undefined) say(`${path}: not a log of Zeek, left out\n`)
  else if (bad > 0) say(`${path}: ${bad} of ${lines} lines left out (${why.join(', ')})\n`)
}

const run = async (paths: readonly string[], options: ReplayOptions): Promise<void> => {
  const types = chosen(options.detectors)
  const { files, missing } = await findLogs(paths)
  if (files.length === 0)
    throw new CommandError(
      missing.map(({ path, reason }) => `${path}: ${reason}`).join('\n') || `${paths.join(', ')}: no files there`,
    )
  for (const { path, reason } of missing) say(`${path}: ${reason}\n`)

  const progress = createProgress(files.reduce((sum, { bytes }) => sum + bytes, 0))
  const detections = createDetections(types, {}, [createCorrelation()])
  const reports: FileReport[] = []
  let done = 0
  let records = 0
  let events = 0
  let shownAt = 0
  const started = performance.now()
  const emit = (found: readonly NewEvent[]) => {
    if (found.length === 0) return
    progress.end()
    for (const event of found) show(event, options.json === true)
    events += found.length
  }
  const hooks = {
    onBytes: (bytes: number) => {
      done += bytes
    },
    onFile: (report: FileReport) => void reports.push(report),
  }
  for await (const batch of mergeZeekFiles(
    files.map(({ path }) => path),
    hooks,
  )) {
    for (const record of batch) emit(detections.observe(record))
    records += batch.length
    if (performance.now() - shownAt > PROGRESS_MS) {
      progress.update(done, records)
      shownAt = performance.now()
    }
  }
  emit(detections.flush())
  progress.end()
  for (const report of reports) tellFile(report)
  const { stray } = detections.stats()
  if (stray > 0) say(`${stray} records left out: their time is more than a day off\n`)
  const seconds = (performance.now() - started) / 1000
  say(
    `${records.toLocaleString('en')} records of ${reports.length} files in ${seconds.toFixed(1)} s, ${events} detections\n`,
  )
}

export const addReplay: AddCommand = (program: Command) =>
  program
    .command('replay <paths...>')
    .description('run the detectors over stored logs, as if they came now')
    .option('--detectors <names>', `only these, separated by commas: ${[...detectorTypes.keys()].join(',')}`)
    .option('--json', 'one event a line, and nothing else, on stdout')
    .action(run)
