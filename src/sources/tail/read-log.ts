import type { FilePosition } from '#core/event/file-position.ts'
import { cutLines, LONGEST_LINE } from './line-buffer.ts'
import { headOf, type OpenLog, readAt, sealOf, unpacked } from './open-log.ts'
import { advanced } from './recognise.ts'

/** Bytes read at once: some thousand lines, few enough for one transaction. */
const CHUNK = 1 << 18
const NEWLINE = 10

/** Some lines of a file and the position behind them. */
export interface ReadLines {
  readonly lines: readonly string[]
  readonly tooLong: number
  readonly position: FilePosition
  /** Why there is no more, when an archive ends in the middle: it is damaged, or is still being written. */
  readonly damage?: string
}

const piece = (bytes: Buffer, before: FilePosition): ReadLines => {
  const { lines, taken, tooLong, skipping } = cutLines(bytes, before.skipping)
  return { lines, tooLong, position: advanced(before, bytes.subarray(0, taken), skipping) }
}

/** True when the file begins with what was read of it, and was not truncated while it was read up to `end`. */
const stillSame = async (log: OpenLog, { head }: FilePosition, end: number): Promise<boolean> => {
  const [{ size }, now] = await Promise.all([log.handle.stat(), headOf(log)])
  return size >= end && now.startsWith(head)
}

/**
 * Reads on in an uncompressed file. A beginning without its end stays in the file until it is complete. Ends early when
 * the file is truncated meanwhile: what had been read last is thrown away and is found again in the copy.
 */
async function* readPlain(log: OpenLog, start: FilePosition): AsyncIterable<ReadLines> {
  let position = start
  let wanted = CHUNK
  for (;;) {
    const bytes = await readAt(log.handle, position.offset, wanted)
    const next = piece(bytes, position)
    if (bytes.length === 0 || !(await stillSame(log, next.position, position.offset + bytes.length))) return
    const moved = next.position.offset > position.offset
    if (moved) yield next
    position = next.position
    if (bytes.length < wanted) return
    wanted = moved ? CHUNK : LONGEST_LINE
  }
}

const damaged = (path: string, error: unknown): string =>
  `${path} is damaged: ${(error as Error).message}. What could be unpacked was read; the rest is lost.`

const sealed = (log: OpenLog, last: ReadLines): ReadLines => ({
  ...last,
  position: { ...last.position, sealed: sealOf(log.stats) },
})

/** Everything that is left of a whole archive, the last line even without its newline. */
const lastPiece = (log: OpenLog, rest: Buffer, position: FilePosition): ReadLines => {
  const ended = rest.length === 0 || rest.at(-1) === NEWLINE ? rest : Buffer.concat([rest, Buffer.from('\n')])
  const { lines, tooLong } = cutLines(ended, position.skipping)
  return sealed(log, { lines, tooLong, position: advanced(position, rest, false) })
}

/** Leaves out the first `count` bytes of a stream. */
async function* without(source: AsyncIterable<Buffer>, count: number): AsyncIterable<Buffer> {
  let left = count
  for await (const chunk of source) {
    if (left < chunk.length) yield left > 0 ? chunk.subarray(left) : chunk
    left = Math.max(0, left - chunk.length)
  }
}

/**
 * Reads a compressed file from the position on. Nothing is ever added to one, so its last line counts without a newline,
 * and the last position is sealed. One that ends in the middle gives its complete lines: a piece of a line may read as a
 * line that says something else.
 */
async function* readPacked(log: OpenLog, start: FilePosition): AsyncIterable<ReadLines> {
  let position = start
  let rest: Buffer = Buffer.alloc(0)
  let damage: string | undefined
  const source = without(unpacked(log.handle), start.offset)[Symbol.asyncIterator]()
  try {
    for (;;) {
      const chunk = await source.next().catch((error) => {
        damage = damaged(log.path, error)
        return { done: true as const, value: undefined }
      })
      if (chunk.done) break
      rest = rest.length === 0 ? chunk.value : Buffer.concat([rest, chunk.value])
      if (rest.length < CHUNK) continue
      const next = piece(rest, position)
      rest = rest.subarray(next.position.offset - position.offset)
      if (next.position.offset > position.offset) yield next
      position = next.position
    }
  } finally {
    await source.return?.()
  }
  if (damage === undefined) yield lastPiece(log, rest, position)
  else yield { ...sealed(log, piece(rest, position)), damage }
}

/** Reads what stands behind the position, a piece at a time; the next piece is read when it is asked for. */
export const readOn = (log: OpenLog, position: FilePosition): AsyncIterable<ReadLines> =>
  log.compressed ? readPacked(log, position) : readPlain(log, position)
