import type { ZeekKind, ZeekRecord } from '#core/event/zeek-record.ts'
import { createLineSplitter } from '../line-splitter.ts'
import { openStored } from '../stored-file.ts'
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

/** Reads a log, packed or not, in bounded memory. What is readable of a damaged archive is read. */
export const readZeekFile = (path: string): ZeekFile => {
  const parser = createZeekParser(path)
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
    const take = () => {
      const full = batch
      batch = []
      return full
    }
    try {
      for await (const chunk of file.chunks) {
        splitter.push(chunk)
        if (batch.length > 0) yield take()
      }
    } catch (error) {
      problem = (error as Error).message
    }
    splitter.end()
    if (batch.length > 0) yield take()
  }

  return {
    records: records(),
    kind: parser.kind,
    counts: parser.counts,
    problem: () => problem,
    bytesRead: file.bytesRead,
  }
}
