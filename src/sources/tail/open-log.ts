import { constants, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { loadZlib } from '#lib/run/load-zlib.ts'
import { foreignForm } from '../foreign-form.ts'
import { HEAD, type Look } from './recognise.ts'

/** One file of a log's family, open for reading. */
export interface OpenLog extends Look {
  readonly path: string
  readonly handle: FileHandle
  readonly stats: Stats
  readonly compressed: boolean
  /** What it is written in, where that is neither text nor gzip: `xz`. */
  readonly foreign: string | undefined
}

/** Bytes that are unpacked at once. */
const UNPACK = 1 << 17
/** Compressed bytes that surely hold the first HEAD bytes of the text, and never more than some megabytes. */
const PACKED_HEAD = 1 << 12

/** Reads up to `length` bytes at `from`; fewer at the end of the file. */
export const readAt = async (handle: FileHandle, from: number, length: number): Promise<Buffer> => {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, from + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

export const inodeOf = ({ dev, ino }: Stats): string => `${dev}:${ino}`

/** Names a file as it stands: an unchanged one need not be opened again. */
export const sealOf = (stats: Stats): string => `${inodeOf(stats)}:${stats.size}:${stats.mtimeMs}`

/** What a compressed file unpacks to, chunk by chunk. Throws zlib's error on damage, after what could be read. */
export const unpacked = (handle: FileHandle): AsyncIterable<Buffer> =>
  // Errors reach whoever reads; the callback is only there because pipeline wants one.
  pipeline(
    handle.createReadStream({ start: 0, autoClose: false }),
    loadZlib().createGunzip({ chunkSize: UNPACK }),
    () => {},
  )

/** What the beginning of a compressed file unpacks to. Destroying a stream half-way would close the handle with it. */
const unpackedHead = async (handle: FileHandle): Promise<string> => {
  try {
    const { gunzipSync, constants } = loadZlib()
    const text = gunzipSync(await readAt(handle, 0, PACKED_HEAD), { finishFlush: constants.Z_SYNC_FLUSH })
    return text.toString('latin1', 0, HEAD)
  } catch {
    return ''
  }
}

/** The first bytes of a file's text, at most HEAD, as it stands now. */
export const headOf = async ({ handle, compressed }: Pick<OpenLog, 'handle' | 'compressed'>): Promise<string> =>
  compressed ? unpackedHead(handle) : (await readAt(handle, 0, HEAD)).toString('latin1')

const GZIP_MAGIC = 0x1f8b

/** Looks at an open file. Undefined when it is no ordinary file. */
export const lookAt = async (path: string, handle: FileHandle): Promise<OpenLog | undefined> => {
  const stats = await handle.stat()
  if (!stats.isFile()) return undefined
  const magic = await readAt(handle, 0, 6)
  const compressed = magic.length >= 2 && magic.readUInt16BE() === GZIP_MAGIC
  return {
    path,
    handle,
    stats,
    compressed,
    foreign: foreignForm(magic),
    inode: inodeOf(stats),
    head: await headOf({ handle, compressed }),
    size: compressed ? undefined : stats.size,
    before: async (end, length) => (await readAt(handle, end - length, length)).toString('latin1'),
  }
}

/** Opens a file of a log. Undefined when it is gone meanwhile, or may not be read, which `onTrouble` hears. */
export const openHandle = async (
  path: string,
  onTrouble: (message: string) => void,
): Promise<FileHandle | undefined> => {
  try {
    // Without blocking: a named pipe at the place of a log would wait for its writer.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EPERM')
      onTrouble(`${path} cannot be read: permission denied. Let this user read it, for example by the group adm.`)
    else if (code !== 'ENOENT') onTrouble(`${path} cannot be read: ${message}`)
    return undefined
  }
}
