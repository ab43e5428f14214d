import type { ZeekKind, ZeekRecord } from '#core/event/zeek-record.ts'
import { createLineSplitter } from '../line-splitter.ts'
import { openStored } from '../stored-file.ts'
import { headersOf } from './header.ts'
import { WITNESSES, withoutLiars } from './liars.ts'
import { createZeekParser, type ZeekCounts } from './parser.ts'

/** One log file while it is read. */
export interface ZeekFile {
  /** Records as they stand in the file, a chunk at a time. */
  readonly records: AsyncGenerator<readonly ZeekRecord[]>
  /** Which log it turned out to be; undefined when it is none that we know. */
  kind(): ZeekKind | undefined
  counts(): ZeekCounts
  /** Why reading ended before the end of the file: a damaged archive, a disk error. */
  problem(): string | undefined
  /** Bytes of the file that were read so far, packed ones of an archive. */
  bytesRead(): number
}

const HASH = 35
const BRACE = 123

/**
 * Reads a log, packed or not, in bounded memory. What is readable of a damaged archive is read; what claims to be written
 * after `latestMs`, or long after what stands behind it, is left out.
 */
export const readZeekFile = (path: string, latestMs?: number): ZeekFile => {
  const parser = createZeekParser(path)
  if (latestMs !== undefined) parser.bound(latestMs)
  let problem: string | undefined
  const file = openStored(path)

  async function* records() {
    let batch: ZeekRecord[] = []
    const splitter = createLineSplitter(
      (bytes, start, end) => {
        const record = parser.read(bytes, start, end)
        if (record) batch.push(record)
      },
      () => parser.refuse('too long'),
    )
    /** What may go on, without liars; the last ones are kept as witnesses of those before them. */
    const take = (witnesses: number): readonly ZeekRecord[] => {
      const honest = withoutLiars(batch)
      parser.leaveOut(batch.length - honest.length)
      const ready = honest === batch ? batch : [...honest]
      batch = ready.splice(Math.max(0, ready.length - witnesses))
      return ready
    }
    let begun = false
    const begin = async (chunk: Buffer) => {
      begun = true
      if (chunk[0] === HASH || chunk[0] === BRACE) return
      parser.adopt(await headersOf(path))
    }
    try {
      for await (const chunk of file.chunks) {
        if (!begun) await begin(chunk)
        splitter.push(chunk)
        const ready = take(WITNESSES)
        if (ready.length > 0) yield ready
      }
    } catch (error) {
      problem = (error as Error).message
    }
    // What stands behind the last line of a damaged archive is a piece of one, which may read as another line.
    if (problem === undefined) splitter.end()
    const rest = take(0)
    if (rest.length > 0) yield rest
  }

  return {
    records: records(),
    kind: parser.kind,
    counts: parser.counts,
    problem: () => problem,
    bytesRead: file.bytesRead,
  }
}
