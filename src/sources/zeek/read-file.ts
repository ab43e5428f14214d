import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { ZeekKind, ZeekRecord } from '#core/zeek-record.ts'
import { createLineSplitter } from './lines.ts'
import { createZeekParser, type ZeekCounts } from './parser.ts'

const CHUNK_BYTES = 1 << 18
const GZIP_MAGIC = [0x1f, 0x8b] as const

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

/** True for a gzip archive, whatever it is called. */
const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === GZIP_MAGIC[0] && buffer[1] === GZIP_MAGIC[1]
  } finally {
    await file.close()
  }
}

/** Reads a log, packed or not, in bounded memory. What is readable of a damaged archive is read. */
export const readZeekFile = (path: string): ZeekFile => {
  const parser = createZeekParser(path)
  let problem: string | undefined
  let raw: ReturnType<typeof createReadStream> | undefined

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
      const packed = await isGzip(path)
      raw = createReadStream(path, { highWaterMark: CHUNK_BYTES })
      const gunzip = packed ? createGunzip({ chunkSize: CHUNK_BYTES }) : undefined
      if (gunzip) raw.on('error', (error) => gunzip.destroy(error))
      const stream: Readable = gunzip ? raw.pipe(gunzip) : raw
      for await (const chunk of stream) {
        splitter.push(chunk as Buffer)
        if (batch.length > 0) yield take()
      }
    } catch (error) {
      problem = (error as Error).message
    } finally {
      raw?.destroy()
    }
    splitter.end()
    if (batch.length > 0) yield take()
  }

  return {
    records: records(),
    kind: parser.kind,
    counts: parser.counts,
    problem: () => problem,
    bytesRead: () => raw?.bytesRead ?? 0,
  }
}
