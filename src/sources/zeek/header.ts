import { open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { loadZlib } from '#lib/run/load-zlib.ts'
import { listFamily, liveName } from '../tail/log-family.ts'

const HEADER_BYTES = 16_384
const GZIP_MAGIC = 0x1f8b

/** How the text of a file begins, packed or not; empty where it cannot be read. */
const beginningOf = async (path: string): Promise<string> => {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
      const bytes = buffer.subarray(0, bytesRead)
      const packed = bytesRead > 2 && bytes.readUInt16BE() === GZIP_MAGIC
      return (
        packed ? loadZlib().gunzipSync(bytes, { finishFlush: loadZlib().constants.Z_SYNC_FLUSH }) : bytes
      ).toString('utf8', 0, HEADER_BYTES)
    } finally {
      await file.close()
    }
  } catch {
    // Gone meanwhile, or damaged: what is read of it then counts as lines without a header, and is told.
    return ''
  }
}

const headersIn = (text: string): readonly string[] => {
  const lines = text.replace(/^\ufeff/, '').split('\n')
  const end = lines.findIndex((line) => !line.startsWith('#'))
  return lines.slice(0, end < 0 ? lines.length : end).map((line) => line.replace(/\r$/, ''))
}

/** Lines of JSON need no header. */
const needsNone = (text: string): boolean => /^[\ufeff\0\s]*(?:\{|$)/.test(text)

/**
 * The lines that name a log's columns, for whoever reads it from the middle: its own first lines, or, where a rotation
 * that copies and truncates left it without, those of the newest file that rotation made of it.
 */
export const headersOf = async (path: string): Promise<readonly string[]> => {
  const text = await beginningOf(path)
  const own = headersIn(text)
  if (own.length > 0 || needsNone(text)) return own
  const family = await listFamily(join(dirname(path), liveName(basename(path)))).catch(() => [])
  for (const other of family.toReversed()) {
    const found = other === path ? [] : headersIn(await beginningOf(other))
    if (found.length > 0) return found
  }
  return []
}
