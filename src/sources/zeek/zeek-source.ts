import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { NewEvent } from '#core/event/event.ts'
import type { FilePosition, FilePositions } from '#core/event/file-position.ts'
import { writtenAt } from '#core/event/record.ts'
import type { ZeekRecord } from '#core/event/zeek-record.ts'
import type { Detections } from '#detectors/run.ts'
import { type FollowFileOptions, followFile } from '../tail/follow-file.ts'
import type { FollowProgress, FollowStats, LineBatch } from '../tail/follow-log.ts'
import { createZeekParser, type ZeekCounts, type ZeekParser } from './parser.ts'
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
const KINDS = '{conn,dns,ssl,x509,http,notice,weird}'
const HEADER_BYTES = 16_384

/** A folder stands for the logs in it that detectors want; everything else stays a path or pattern. */
const patternOf = (path: string): string =>
  existsSync(path) && statSync(path).isDirectory() ? join(path, `*${KINDS}*.log*`) : path

const patternsOf = (logs: readonly string[]): readonly string[] =>
  logs.length > 0 ? logs.map(patternOf) : USUAL_FOLDERS.filter((folder) => existsSync(folder)).map(patternOf)

/** The first lines of a file: they name the columns of what is read further down. */
const headerOf = (path: string): Buffer => {
  const bytes = Buffer.alloc(HEADER_BYTES)
  try {
    const file = openSync(path, 'r')
    try {
      return bytes.subarray(0, readSync(file, bytes, 0, HEADER_BYTES, 0))
    } finally {
      closeSync(file)
    }
  } catch {
    // Gone meanwhile: what is read of it then counts as lines without a header, and is told.
    return bytes.subarray(0, 0)
  }
}

const readHeader = (parser: ZeekParser, path: string) => {
  const lines = headerOf(path).toString('utf8').split('\n')
  for (const line of lines) {
    if (!line.startsWith('#')) return
    const bytes = Buffer.from(line)
    parser.read(bytes, 0, bytes.length)
  }
}

/** Follows Zeek's logs and runs the detectors over them as they grow. Works without Zeek: it then waits for logs. */
export const startZeekSource = (options: ZeekSourceOptions): ZeekSource => {
  const { name, detections, positions, record, onTrouble, signal, pollMs } = options
  const parsers = new Map<string, { readonly id: string; readonly parser: ZeekParser }>()

  /** A parser for each file; one that was read before begins with the columns that its first lines named. */
  const parserOf = ({ log, path, position }: LineBatch): ZeekParser => {
    const known = parsers.get(log)
    if (known?.id === position.id) return known.parser
    const parser = createZeekParser(path)
    readHeader(parser, path)
    parsers.set(log, { id: position.id, parser })
    return parser
  }

  const gate = createTimeGate()
  /** What was concluded from lines that could not be stored: they come again, and would say nothing the second time. */
  const unstored = new Map<string, { readonly lines: readonly string[]; readonly events: NewEvent[] }>()

  const recordsOf = (parser: ZeekParser, lines: readonly string[]): readonly ZeekRecord[] =>
    lines.flatMap((line) => {
      const bytes = Buffer.from(line)
      return parser.read(bytes, 0, bytes.length) ?? []
    })

  /** Shows records to the detectors when it is their turn among all logs: what a name means is told by another log. */
  const observe = async (log: string, records: readonly ZeekRecord[], events: NewEvent[]) => {
    let until = Number.NEGATIVE_INFINITY
    for (const record of records) {
      const at = writtenAt(record)
      if (at > until) until = await gate.turn(log, at)
      for (const event of detections.observe(record)) events.push({ ...event, source: `zeek:${name}` })
    }
  }

  const take = async (batch: LineBatch): Promise<'stored'> => {
    const { log, lines, position } = batch
    const before = unstored.get(log)
    const known = before?.lines.every((line, index) => line === lines[index]) ? before : undefined
    const events = known?.events ?? []
    await observe(log, recordsOf(parserOf(batch), lines.slice(known?.lines.length)), events)
    unstored.set(log, { lines, events })
    await record(events, log, position)
    unstored.delete(log)
    return 'stored'
  }

  const patterns = patternsOf(options.logs)
  if (patterns.length === 0)
    onTrouble?.(`zeek ${name}: none of the usual folders exists; name the logs under sources.zeek.logs`)
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
      onLines: take,
      onTrouble,
      onProgress: options.onProgress,
      signal,
      ...(pollMs && { pollMs }),
    }),
  )

  return {
    readNow: async () => {
      for (const one of following) await one.readNow()
    },
    stats: () =>
      following.flatMap((one) =>
        [...one.stats()].map(([path, follow]) => ({ path, follow, parsed: parsers.get(keyOf(path))?.parser.counts() })),
      ),
    ended: Promise.all(following.map(({ ended }) => ended)).then(() => {}),
  }
}
