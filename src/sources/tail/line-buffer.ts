/** Longest line that is handed on; what is longer is skipped to its end and counted. */
export const LONGEST_LINE = 1 << 20
const NEWLINE = 10

export interface CutLines {
  readonly lines: readonly string[]
  /** Bytes that the lines and what was skipped took; the rest is the beginning of a line that is not complete. */
  readonly taken: number
  /** Lines given up because they were too long. */
  readonly tooLong: number
  /** True when the next bytes still belong to a line that was given up. */
  readonly skipping: boolean
}

const textOf = (bytes: Buffer): readonly string[] => {
  const text = bytes.toString('utf8')
  // A writer that keeps its offset over a truncation leaves a hole of NULs before its next line.
  const clean = text.includes('\0') ? text.replaceAll('\0', '') : text
  const lines = clean.split('\n')
  return clean.includes('\r') ? lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)) : lines
}

/** What remains of `bytes` when the line that is being skipped has ended; undefined while it goes on. */
const afterSkipped = (bytes: Buffer): number | undefined => {
  const end = bytes.indexOf(NEWLINE)
  return end < 0 ? undefined : end + 1
}

/** Behind the NULs that stand at `from`: a hole may be larger than memory, and a line may follow it. */
const afterHole = (bytes: Buffer, from: number): number => {
  let index = from
  while (bytes[index] === 0) index++
  return index
}

/**
 * Cuts complete lines (UTF-8, with or without carriage returns) from the front of `bytes`. A beginning without its end is
 * left, unless it is longer than a line may be: then it is given up, and what follows it up to the line's end as well.
 */
export const cutLines = (bytes: Buffer, skipping: boolean): CutLines => {
  const start = skipping ? afterSkipped(bytes) : 0
  if (start === undefined) return { lines: [], taken: bytes.length, tooLong: 0, skipping: true }
  const end = bytes.lastIndexOf(NEWLINE)
  const complete = end < start ? [] : textOf(bytes.subarray(start, end))
  const short = complete.filter((line) => line.length <= LONGEST_LINE)
  const taken = afterHole(bytes, Math.max(end + 1, start))
  const tooLong = complete.length - short.length
  if (bytes.length - taken < LONGEST_LINE) return { lines: short, taken, tooLong, skipping: false }
  return { lines: short, taken: bytes.length, tooLong: tooLong + 1, skipping: true }
}
