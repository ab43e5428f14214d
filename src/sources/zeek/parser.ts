import type { ZeekKind, ZeekRecord } from '#core/event/zeek-record.ts'
import { createJson } from './json.ts'
import { kindOfName, type Refusal } from './layouts.ts'
import { createTsv } from './tsv.ts'

const HASH = 35
const BRACE = 123
const CARRIAGE_RETURN = 13

export interface ZeekCounts {
  /** Lines that held something, headers included. */
  readonly lines: number
  readonly records: number
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
  /** A line was longer than the follower holds, and is lost. */
  refuse(reason: Refusal): void
  /** Which log it turned out to be. */
  kind(): ZeekKind | undefined
  counts(): ZeekCounts
}

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

/** A parser for one file; `path` helps only where the lines do not tell which log they are of. */
export const createZeekParser = (path = ''): ZeekParser => {
  const tsv = createTsv()
  const json = createJson(kindOfName(baseName(path)))
  const reasons: Partial<Record<Refusal, number>> = {}
  let firstBad: ZeekCounts['firstBad']
  let lines = 0
  let records = 0
  let bad = 0

  const refuse = (reason: Refusal): undefined => {
    bad++
    reasons[reason] = (reasons[reason] ?? 0) + 1
    firstBad ??= { line: lines, reason }
    return undefined
  }

  return {
    read: (bytes, start, lineEnd) => {
      const end = lineEnd > start && bytes[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd
      if (end === start) return undefined
      lines++
      const first = bytes[start]
      if (first === HASH) {
        tsv.readHeader(bytes.toString('utf8', start, end))
        return undefined
      }
      const made = first === BRACE ? json.read(bytes.toString('utf8', start, end)) : tsv.read(bytes, start, end)
      if (typeof made === 'string') return refuse(made)
      records++
      return made
    },
    refuse: (reason) => {
      lines++
      refuse(reason)
    },
    kind: () => tsv.kind() ?? json.kind(),
    counts: () => ({ lines, records, bad, reasons: { ...reasons }, firstBad }),
  }
}
