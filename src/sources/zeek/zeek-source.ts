import { dirname } from 'node:path'
import type { NewEvent } from '#core/event/event.ts'
import type { FilePosition, FilePositions } from '#core/event/file-position.ts'
import { writtenAt } from '#core/event/record.ts'
import { type SilentLog, silentSentence } from '#core/event/silent-log.ts'
import type { ZeekRecord } from '#core/event/zeek-record.ts'
import type { Detections } from '#detectors/run.ts'
import type { NoLogs } from '../tail/find-live-logs.ts'
import { type FollowFileOptions, followFile } from '../tail/follow-file.ts'
import type { FollowProgress, FollowStats, LineBatch } from '../tail/follow-log.ts'
import { headersOf } from './header.ts'
import { withoutLiars } from './liars.ts'
import { isOtherLog } from './log-names.ts'
import { createZeekParser, type ZeekCounts, type ZeekParser } from './parser.ts'
import { refusalOf } from './refusal-of.ts'
import { createTimeGate } from './time-gate.ts'

export interface ZeekSourceOptions {
  /** Of the source; also in the `source` of its events. */
  readonly name: string
  /** Folders, files or patterns; none: the usual folders, where they exist. */
  readonly logs: readonly string[]
  readonly detections: Detections
  /** Read rotated logs as well when a log was never followed. */
  readonly backfill?: boolean
  readonly positions: FilePositions
  readonly timers: FollowFileOptions['timers']
  /** As of a log that is followed. */
  readonly wall: FollowFileOptions['wall']
  /** Stores what was detected and how far the log was read, in one transaction. */
  readonly record: (events: readonly NewEvent[], log: string, position: FilePosition) => Promise<unknown>
  readonly onTrouble?: (message: string) => void
  readonly onProgress?: (progress: FollowProgress) => void
  readonly signal: AbortSignal
  readonly pollMs?: number
}

export interface ZeekSource {
  readNow(): Promise<void>
  /** By file: how many lines were read, and how much of it is still unread. */
  /** Paths and logs that give nothing, and why. */
  silent(): readonly SilentLog[]
  stats(): readonly { readonly path: string; readonly follow: FollowStats; readonly parsed: ZeekCounts | undefined }[]
  readonly ended: Promise<void>
}

/** Where packages and the project's own installation put the logs of the day. */
const USUAL_FOLDERS = [
  '/opt/zeek/logs/current',
  '/usr/local/zeek/logs/current',
  '/var/log/zeek/current',
  '/var/log/zeek',
  '/nsm/zeek/logs/current',
  '/opt/bro/logs/current',
]
const DAY_MS = 86_400_000
/** A machine whose clock is before the product knows nothing of what lies ahead. */
const EARLIEST_WALL_MS = Date.UTC(2025, 0)
/** Follows Zeek's logs and runs the detectors over them as they grow. Works without Zeek: it then waits for logs. */
export const startZeekSource = (options: ZeekSourceOptions): ZeekSource => {
  const { name, detections, positions, record, onTrouble, signal, pollMs } = options
  const parsers = new Map<string, { readonly id: string; readonly parser: ZeekParser }>()

  /** A parser for each file; one that was read before begins with the columns that its first lines named. */
  const parserOf = async ({ log, path, position }: LineBatch): Promise<ZeekParser> => {
    const known = parsers.get(log)
    if (known?.id === position.id) return known.parser
    const parser = createZeekParser(path)
    const headers = await headersOf(path)
    // Whoever copies and truncates leaves the columns in the copy.
    parser.adopt(headers.length > 0 ? headers : (known?.parser.headers() ?? []))
    parsers.set(log, { id: position.id, parser })
    return parser
  }

  const gate = createTimeGate()
  /** What was concluded from lines that could not be stored: they come again, and would say nothing the second time. */
  const unstored = new Map<string, { readonly lines: readonly string[]; readonly events: NewEvent[] }>()

  const recordsOf = (parser: ZeekParser, lines: readonly string[]): readonly ZeekRecord[] => {
    const wall = options.wall()
    parser.bound(wall < EARLIEST_WALL_MS ? Number.POSITIVE_INFINITY : wall + DAY_MS)
    const records = lines.flatMap((line) => {
      const bytes = Buffer.from(line)
      return parser.read(bytes, 0, bytes.length) ?? []
    })
    const honest = withoutLiars(records)
    parser.leaveOut(records.length - honest.length)
    return honest
  }

  /** Shows records to the detectors when it is their turn among all logs: what a name means is told by another log. */
  const observe = async (log: string, records: readonly ZeekRecord[], events: NewEvent[]) => {
    let until = Number.NEGATIVE_INFINITY
    for (const record of records) {
      const at = writtenAt(record)
      if (at > until) until = await gate.turn(log, at)
      for (const event of detections.observe(record)) events.push({ ...event, source: `zeek:${name}` })
    }
  }

  const take = async (batch: LineBatch): Promise<void> => {
    const { log, lines, position } = batch
    const before = unstored.get(log)
    const known = before?.lines.every((line, index) => line === lines[index]) ? before : undefined
    const events = known?.events ?? []
    const parser = await parserOf(batch)
    await observe(log, recordsOf(parser, lines.slice(known?.lines.length)), events)
    unstored.set(log, { lines, events })
    await record(events, log, position)
    unstored.delete(log)
  }

  const usual = options.logs.length === 0
  const patterns = usual ? USUAL_FOLDERS : options.logs
  const none = new Map<string, NoLogs | undefined>()
  const said = new Set<string>()
  /** Logs that stand in a folder that is followed: what else stands there is nobody's fault. */
  const isFound = (path: string): boolean => usual || patterns.includes(dirname(path))

  const silentPaths = (): readonly SilentLog[] => {
    const reasons = [...none].flatMap(([path, why]) => (why === undefined ? [] : [{ path, reason: why }]))
    // Of the usual folders one is enough.
    return usual && reasons.length < USUAL_FOLDERS.length ? [] : reasons
  }

  const silentLogs = (): readonly SilentLog[] =>
    stats().flatMap(({ path, follow, parsed }): SilentLog[] => {
      if (follow.foreign !== undefined) return [{ ...follow.foreign, reason: 'unreadable_form' }]
      const reason = parsed && refusalOf(parsed)
      if (reason === undefined || (reason === 'other_fields' && isFound(path))) return []
      return [{ path, reason, lines: parsed!.bad }]
    })

  /** Says once of each that gives nothing why it does. */
  const tellSilent = () => {
    for (const silent of [...(usual ? [] : silentPaths()), ...silentLogs()]) {
      const key = `${silent.path} ${silent.reason}`
      if (said.has(key) || silent.form !== undefined) continue
      said.add(key)
      onTrouble?.(`zeek ${name}: ${silentSentence(silent)}`)
    }
  }
  const noteNone = (path: string) => (why: NoLogs | undefined) => {
    none.set(path, why)
    if (usual && none.size === USUAL_FOLDERS.length && silentPaths().length > 0 && !said.has('usual')) {
      said.add('usual')
      onTrouble?.(`zeek ${name}: none of the usual folders exists; name the logs under sources.zeek.logs`)
    }
    tellSilent()
  }

  /** A log that two of the patterns name is read for the first of them. */
  const owners = new Map<string, string>()
  const keyOf = (log: string): string => `${name}:${log}`
  const togetherFor = (pattern: string) => (log: string, read: () => Promise<void>) => {
    if (!owners.has(log)) owners.set(log, pattern)
    return owners.get(log) === pattern ? gate.within(keyOf(log), read) : Promise.resolve()
  }
  const following = [...new Set(patterns)].map((path) =>
    followFile({
      path,
      name,
      positions,
      timers: options.timers,
      wall: options.wall,
      from: options.backfill ? 'archives' : 'start',
      together: togetherFor(path),
      inFolders: (file) => !isOtherLog(file),
      onNone: noteNone(path),
      onLines: async (batch) => {
        await take(batch)
        if (parsers.get(batch.log)?.parser.counts().records === 0) tellSilent()
        return 'stored'
      },
      onTrouble,
      onProgress: options.onProgress,
      signal,
      ...(pollMs && { pollMs }),
    }),
  )

  const stats: ZeekSource['stats'] = () =>
    following.flatMap((one) =>
      [...one.stats()]
        // Usual folders that are not there are nothing that anybody named.
        .filter(([path]) => !(usual && USUAL_FOLDERS.includes(path)))
        .map(([path, follow]) => ({ path, follow, parsed: parsers.get(keyOf(path))?.parser.counts() })),
    )

  return {
    readNow: async () => {
      for (const one of following) await one.readNow()
    },
    stats,
    silent: () => [...silentPaths(), ...silentLogs()],
    ended: Promise.all(following.map(({ ended }) => ended)).then(() => {}),
  }
}
