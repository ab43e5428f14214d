import type { ZeekKind, ZeekRecord } from '#core/event/zeek-record.ts'
import { createJson } from './json.ts'
import type { Refusal } from './layouts.ts'
import { hintOfFile } from './log-names.ts'
import { createTsv } from './tsv.ts'

const HASH = 35
const BRACE = 123
const BRACKET = 91
const CARRIAGE_RETURN = 13

export interface ZeekCounts {
  /** Lines that held something, headers included. */
  readonly lines: number
  readonly records: number
  /** Lines of logs of Zeek that nobody asks for. */
  readonly other: number
  /** Lines that gave no record though they should. */
  readonly bad: number
  /** Bad lines by reason. */
  readonly reasons: Readonly<Partial<Record<Refusal, number>>>
  /** The first bad line, for people. */
  readonly firstBad: { readonly line: number; readonly reason: Refusal } | undefined
}

/** Reads the lines of one log file, TSV or JSON, told apart line by line. */
export interface ZeekParser {
  /** Reads the line `bytes[start, end)`, without its line feed; undefined when it gives no record. */
  read(bytes: Buffer, start: number, end: number): ZeekRecord | undefined
  /** Takes columns over from elsewhere. */
  adopt(headers: readonly string[]): void
  /** What was written later than that, ms, cannot be: a log does not come from the future. */
  bound(latestMs: number): void
  /** The lines that named the columns, as they stood in the file. */
  headers(): readonly string[]
  /** Records that it gave are left out, for their time cannot be. */
  leaveOut(count: number): void
  /** A line was longer than the follower holds, and is lost. */
  refuse(reason: Refusal): void
  /** Which log it turned out to be. */
  kind(): ZeekKind | undefined
  counts(): ZeekCounts
}

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

/** Zeek's own headers have eight lines. */
const MOST_HEADERS = 32
const BOM = [0xef, 0xbb, 0xbf] as const
const BLANK = 32
const TAB = 9

/** Where a line begins behind what is no part of it: the mark of UTF-8, a hole of NULs, blanks before a brace. */
const beginOf = (bytes: Buffer, from: number, end: number): number => {
  let start = from
  if (bytes[start] === BOM[0] && bytes[start + 1] === BOM[1] && bytes[start + 2] === BOM[2]) start += BOM.length
  while (start < end && bytes[start] === 0) start++
  let brace = start
  while (brace < end && (bytes[brace] === BLANK || bytes[brace] === TAB)) brace++
  return bytes[brace] === BRACE ? brace : start
}

const BARE_HEADERS = ['ts\tuid\tid.orig_h\t', 'ts\tuid\tid_orig_h\t'].map((text) => Buffer.from(text))

const isBareHeader = (bytes: Buffer, start: number, end: number): boolean =>
  BARE_HEADERS.some(
    (header) =>
      end - start >= header.length && bytes.compare(header, 0, header.length, start, start + header.length) === 0,
  )

/** A parser for one file; `path` helps only where the lines do not tell which log they are of. */
export const createZeekParser = (path = ''): ZeekParser => {
  const tsv = createTsv()
  const json = createJson(hintOfFile(baseName(path)))
  const headers: string[] = []
  const reasons: Partial<Record<Refusal, number>> = {}
  let firstBad: ZeekCounts['firstBad']
  let lines = 0
  let records = 0
  let bad = 0
  let other = 0
  let latestMs = Number.POSITIVE_INFINITY

  const refuse = (reason: Refusal): undefined => {
    bad++
    reasons[reason] = (reasons[reason] ?? 0) + 1
    firstBad ??= { line: lines, reason }
    return undefined
  }

  const readHeader = (line: string): undefined => {
    if (headers.length >= MOST_HEADERS || line.startsWith('#separator')) headers.length = 0
    headers.push(line)
    tsv.readHeader(line)
  }

  /** A table that somebody exported names its columns in its first line, without Zeek's mark: unset ones are empty. */
  const readBareHeader = (line: string): 'other' => {
    readHeader('#separator \\x09')
    readHeader('#unset_field\t-')
    readHeader(`#fields\t${line}`)
    return 'other'
  }

  /** Behind a prefix that was put before the line, such as that of syslog. */
  const readBehindPrefix = (bytes: Buffer, start: number, end: number, refused: Refusal) => {
    const brace = bytes.subarray(start, end).indexOf('{"')
    if (brace < 0) return refused
    const made = json.read(bytes.toString('utf8', start + brace, end))
    return typeof made === 'string' && made !== 'other' ? refused : made
  }

  const readLine = (bytes: Buffer, start: number, end: number) => {
    if (bytes[start] === BRACE) return json.read(bytes.toString('utf8', start, end))
    const made = tsv.read(bytes, start, end)
    if (made !== 'no header before it') return made
    if (isBareHeader(bytes, start, end)) return readBareHeader(bytes.toString('utf8', start, end))
    return readBehindPrefix(bytes, start, end, bytes[start] === BRACKET ? 'not JSON' : made)
  }

  return {
    read: (bytes, from, lineEnd) => {
      const end = lineEnd > from && bytes[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd
      const start = bytes[from]! > HASH && bytes[from] !== BOM[0] ? from : beginOf(bytes, from, end)
      if (end === start) return undefined
      lines++
      if (bytes[start] === HASH) return readHeader(bytes.toString('utf8', start, end))
      const made = readLine(bytes, start, end)
      if (made === 'other') {
        other++
        return undefined
      }
      if (typeof made === 'string') return refuse(made)
      if ((made.endMs ?? made.timeMs) > latestMs) return refuse('a time that cannot be')
      records++
      return made
    },
    headers: () => headers,
    adopt: (lines) => {
      for (const line of lines) readHeader(line)
    },
    bound: (ms) => {
      latestMs = ms
    },
    leaveOut: (count) => {
      if (count === 0) return
      records -= count
      bad += count
      reasons['a time that cannot be'] = (reasons['a time that cannot be'] ?? 0) + count
    },
    refuse: (reason) => {
      lines++
      refuse(reason)
    },
    kind: () => tsv.kind() ?? json.kind(),
    counts: () => ({ lines, records, other, bad, reasons: { ...reasons }, firstBad }),
  }
}
