import type { FilePosition } from '#core/event/file-position.ts'

/** Bytes kept of a file's beginning and of what stands before the offset. */
export const HEAD = 256
export const TAIL = 64

/** What a look at a file tells of it. */
export interface Look {
  readonly inode: string
  /** Its first bytes, at most HEAD. */
  readonly head: string
  /** Bytes of text; undefined for a compressed file, whose text is not known before it is unpacked. */
  readonly size: number | undefined
  /** The `length` bytes that end at `end`. */
  readonly before: (end: number, length: number) => Promise<string>
}

const sameBeginning = (position: FilePosition, head: string): boolean => {
  const length = Math.min(position.head.length, head.length)
  return length > 0 && position.head.slice(0, length) === head.slice(0, length)
}

/**
 * The position of a file that was read before under this or another name: what it begins with and what stands before the
 * offset must be the same. A file that is shorter than what was read is a copy made earlier, or has just been begun; it
 * is known, and there is nothing to read in it. Undefined: never seen.
 *
 * Two different files that are alike in all that was read of one of them cannot be told apart; a time in the first line
 * is enough to tell.
 */
export const recognise = async (
  look: Look,
  positions: readonly FilePosition[],
): Promise<FilePosition | 'shorter' | undefined> => {
  const alike = positions
    .filter((position) => sameBeginning(position, look.head))
    .sort(
      (a, b) =>
        Number(b.inode === look.inode) - Number(a.inode === look.inode) ||
        b.head.length - a.head.length ||
        b.offset - a.offset,
    )
  let shorter = false
  for (const position of alike) {
    if (look.size === undefined) return position
    if (look.size < position.offset) shorter = true
    else if ((await look.before(position.offset, position.tail.length)) === position.tail) return position
  }
  return shorter ? 'shorter' : undefined
}

/** The position after `bytes` more have been read from `before`. */
export const advanced = (before: FilePosition, bytes: Buffer, skipping: boolean): FilePosition => {
  const missing = HEAD - before.head.length
  return {
    ...before,
    head: missing > 0 ? before.head + bytes.toString('latin1', 0, missing) : before.head,
    tail: (before.tail + bytes.toString('latin1', Math.max(0, bytes.length - TAIL))).slice(-TAIL),
    offset: before.offset + bytes.length,
    skipping,
  }
}
