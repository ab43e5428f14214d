import type { Command } from 'commander'
import { loadDetectorOptions, withExpected } from '#config/detector-options.ts'
import type { NewEvent } from '#core/event/event.ts'
import { eventFields } from '#core/event/event.ts'
import { type SilentReason, silentSentence } from '#core/event/silent-log.ts'
import { NO_VERDICTS } from '#core/event/site-verdicts.ts'
import { detectorTypes } from '#detectors/index.ts'
import { chosenDetectors, createDetections } from '#detectors/run.ts'
import type { JsonObject } from '#lib/json.ts'
import { parseAddress, parseNetwork } from '#lib/net/cidr.ts'
import { systemClock } from '#lib/time/clock.ts'
import { isTimeZone } from '#lib/time/zone.ts'
import { findStoredLog, type StoredLog } from '#sources/fail2ban/stored-logs.ts'
import { findLogs } from '#sources/find-logs.ts'
import type { FileReport } from '#sources/stored-file.ts'
import { refusalOf } from '#sources/zeek/refusal-of.ts'
import { eventSaid } from '#templates/said.ts'
import { type AddCommand, CommandError, printLines } from './command.ts'
import { replayEvents } from './replay-events.ts'
import { createRuleReplay, replayRules, type WouldSend } from './replay-rules.ts'

interface ReplayOptions {
  readonly ignore?: string
  readonly detectors?: string
  readonly rules?: string | true
  readonly data?: string
  readonly timeZone?: string
  readonly json?: boolean
}

const PROGRESS_MS = 100
const DAY_MS = 86_400_000

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

/** What detectors are told: as the server of that file tells its own, and whom to expect. */
const detectorOptions = ({ rules, ignore = '' }: ReplayOptions) => {
  const expected = ignore.split(',').flatMap((one) => one.trim() || [])
  const wrong = expected.find((one) => !parseAddress(one) && !parseNetwork(one))
  if (wrong !== undefined)
    throw new CommandError(`--ignore ${wrong}: not an address or a network; write for example 192.0.2.1 or 10.0.0.0/8`)
  const loaded = typeof rules === 'string' ? loadDetectorOptions(rules, detectorTypes) : { options: {} }
  if ('problems' in loaded) throw new CommandError(loaded.problems.join('\n'))
  return withExpected(loaded.options, expected, detectorTypes)
}

/** What is named is on, also where it is off unless chosen. */
const switchedOn = (types: ReturnType<typeof chosen>, options: Readonly<Record<string, JsonObject>>) => ({
  ...options,
  ...Object.fromEntries(types.flatMap(({ name, load }) => (load ? [[name, { ...options[name], on: true }]] : []))),
})

const say = (text: string): void => void process.stderr.write(text)

const sentence = ({ rule, channels }: WouldSend): string =>
  `rule ${rule} would tell ${channels.length === 0 ? 'nobody: it names no channel' : channels.join(', ')}`

/** Prints an event, and what rules would have sent of it where rules are asked. */
const show = (event: NewEvent, sent: readonly WouldSend[] | undefined, json: boolean): void => {
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...eventFields(event), ...(sent && { would_send: sent }) })}\n`)
    return
  }
  const at = new Date(event.at).toISOString().slice(0, 19).replace('T', ' ')
  const what = String(event.data.detection_type ?? event.type).padEnd(17)
  const lines = [
    `${at}  ${event.severity.padEnd(8)}  ${what}  ${event.data.reason}`,
    ...(sent ?? []).map((one) => `  -> ${sentence(one)}`),
  ]
  printLines(lines)
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

/** Reasons that say more than that it is none of these logs. */
const TELLING: ReadonlySet<SilentReason> = new Set(['shipper', 'wrong_time', 'not_json'])

/** What was not read of a file, if anything. */
const tellFile = ({ path, kind, lines, records, other = 0, bad, reasons, problem }: FileReport): void => {
  if (problem) say(lines === 0 ? `${path} ${problem}\n` : `${path}: ${problem}; read up to there\n`)
  // Nothing more will come of a file that is stored: one line is enough to say so.
  const reason = refusalOf({ records, other, bad, reasons }, 1)
  const why = Object.entries(reasons).map(([reason, count]) => `${reason}: ${count}`)
  if (reason && TELLING.has(reason)) say(`${silentSentence({ path, reason, lines: bad })}\n`)
  else if (bad > 0 && kind === undefined) say(`${path}: not a log of Zeek or fail2ban, left out\n`)
  else if (bad > 0) say(`${path}: ${bad} of ${lines} lines left out (${why.join(', ')})\n`)
}

/** Logs of fail2ban, and everything else. */
const sorted = async (files: readonly { readonly path: string; readonly bytes: number }[], timeZone?: string) => {
  const fail2ban: StoredLog[] = []
  const zeek: string[] = []
  for (const file of files) {
    const log = await findStoredLog(file, timeZone)
    if (log) fail2ban.push(log)
    else zeek.push(file.path)
  }
  return { fail2ban, zeek }
}

const run = async (paths: readonly string[], options: ReplayOptions): Promise<void> => {
  const { timeZone } = options
  if (timeZone !== undefined && !isTimeZone(timeZone))
    throw new CommandError(`--time-zone ${timeZone}: not a time zone; write for example America/Argentina/Cordoba`)
  const types = chosen(options.detectors)
  const rules =
    options.rules === undefined ? undefined : createRuleReplay(await replayRules(options.rules, options.data))
  const detectors = detectorOptions(options)
  const ready = await chosenDetectors(types, options.detectors === undefined ? detectors : switchedOn(types, detectors))
  if (ready.refused.length > 0) throw new CommandError(ready.refused.join('\n'), 1)
  const detections = createDetections(ready.types, detectors, undefined, {
    surroundings: { verdicts: () => NO_VERDICTS, say: (fields) => eventSaid(fields).cause ?? '' },
  })
  const { files, missing } = await findLogs(paths)
  if (files.length === 0)
    throw new CommandError(
      missing.map(({ path, reason }) => `${path}: ${reason}`).join('\n') || `${paths.join(', ')}: no files there`,
    )
  for (const { path, reason } of missing) say(`${path}: ${reason}\n`)

  const progress = createProgress(files.reduce((sum, { bytes }) => sum + bytes, 0))
  const reports: FileReport[] = []
  let done = 0
  let records = 0
  let events = 0
  let shownAt = 0
  const started = performance.now()
  const hooks = {
    // Logs do not come from the future.
    latestMs: systemClock.now() + DAY_MS,
    onBytes: (bytes: number) => {
      done += bytes
    },
    onFile: (report: FileReport) => {
      reports.push(report)
      if (report.kind === 'fail2ban') records += report.records
    },
    onRecords: (count: number) => {
      records += count
      if (performance.now() - shownAt <= PROGRESS_MS) return
      progress.update(done, records)
      shownAt = performance.now()
    },
  }
  for await (const found of replayEvents({ ...(await sorted(files, timeZone)), timeZone, detections, hooks })) {
    if (found.length > 0) progress.end()
    for (const event of found) show(event, rules?.judge(event), options.json === true)
    events += found.length
  }
  progress.end()
  for (const report of reports) tellFile(report)
  const { stray, repeated } = detections.stats()
  if (stray > 0) say(`${stray} records left out: their time is more than a day off\n`)
  if (repeated > 0) say(`${repeated} records counted once: another line tells of the same connection\n`)
  for (const line of rules?.summary() ?? []) say(`${line}\n`)
  const seconds = (performance.now() - started) / 1000
  say(
    `${records.toLocaleString('en')} records of ${reports.length} files in ${seconds.toFixed(1)} s, ${events} events\n`,
  )
}

export const addReplay: AddCommand = (program: Command) =>
  program
    .command('replay <paths...>')
    .description('run the detectors over stored logs of Zeek and fail2ban, as if they came now')
    .option('--detectors <names>', `only these, separated by commas: ${[...detectorTypes.keys()].join(',')}`)
    .option('--rules [file]', 'say what the rules of this file would send; without a file, those of the data folder')
    .option('--ignore <addresses>', 'addresses or networks whose traffic is expected, separated by commas')
    .option('--data <folder>', 'data folder, for --rules without a file')
    .option('--time-zone <zone>', "zone of the times in fail2ban's logs; default: this machine's")
    .option('--json', 'one event a line, and nothing else, on stdout')
    .action(run)
