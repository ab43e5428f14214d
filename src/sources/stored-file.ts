import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { loadZlib } from '#lib/run/load-zlib.ts'
import { foreignForm } from './foreign-form.ts'

const CHUNK_BYTES = 1 << 18
const GZIP_MAGIC = [0x1f, 0x8b] as const

/** A file that nobody writes any more, read from its beginning. */
export interface StoredFile {
  /** What it holds, unpacked. Throws what keeps the rest from being read: a damaged archive, a disk error. */
  readonly chunks: AsyncGenerator<Buffer>
  /** Bytes of the file that were read so far, packed ones of an archive. */
  bytesRead(): number
}

/** True for a gzip archive, whatever it is called. Throws what another form of file is. */
const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(6), 0, 6, 0)
    const form = foreignForm(buffer.subarray(0, bytesRead))
    if (form !== undefined) throw new Error(`is written in a form that is not read (${form})`)
    return bytesRead >= 2 && buffer[0] === GZIP_MAGIC[0] && buffer[1] === GZIP_MAGIC[1]
  } finally {
    await file.close()
  }
}

/** Opens a file, packed or not, when its first chunk is asked for. A chunk of a plain file holds until the next is asked for. */
export const openStored = (path: string): StoredFile => {
  let read = 0
  let raw: ReturnType<typeof createReadStream> | undefined

  async function* unpacked() {
    raw = createReadStream(path, { highWaterMark: CHUNK_BYTES })
    try {
      const gunzip = loadZlib().createGunzip({ chunkSize: CHUNK_BYTES })
      raw.on('error', (error) => gunzip.destroy(error))
      for await (const chunk of raw.pipe(gunzip)) yield chunk as Buffer
    } finally {
      raw.destroy()
    }
  }

  /** Into the same memory again and again: what is thrown away for every chunk stays with the process for long. */
  async function* plain() {
    const file = await open(path)
    try {
      const memory = Buffer.allocUnsafeSlow(CHUNK_BYTES)
      for (;;) {
        const { bytesRead } = await file.read(memory, 0, CHUNK_BYTES, null)
        if (bytesRead === 0) return
        read += bytesRead
        yield memory.subarray(0, bytesRead)
      }
    } finally {
      await file.close()
    }
  }

  async function* chunks() {
    yield* (await isGzip(path)) ? unpacked() : plain()
  }

  return { chunks: chunks(), bytesRead: () => raw?.bytesRead ?? read }
}

/** What became of one file. */
export interface FileReport {
  readonly path: string
  /** Which log it turned out to be; undefined when it is none that we know. */
  readonly kind: string | undefined
  readonly lines: number
  readonly records: number
  /** Lines of logs that nobody asks for. */
  readonly other?: number
  readonly bad: number
  /** Bad lines by reason. */
  readonly reasons: Readonly<Record<string, number>>
  /** Why reading ended before the end of the file. */
  readonly problem: string | undefined
}

export interface ReadHooks {
  /** Bytes of the files that were read further, as they stand on disk. */
  onBytes?(bytes: number): void
  onFile?(report: FileReport): void
}
