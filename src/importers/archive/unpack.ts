import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { because } from '#core/cause/cause.ts'
import { loadZlib } from '#lib/run/load-zlib.ts'
import { SourceError } from '../import-plan.ts'
import type { SourceFile } from '../source.ts'
import { ArchiveError, MOST_UNPACKED, type PackedFile, tooLarge, unpacked } from './packed-file.ts'
import { filesOfTar, isTar } from './tar.ts'
import { filesOfZip, isZip } from './zip.ts'

/** Larger ones are unpacked by who has them, bytes. */
const LARGEST_ARCHIVE = 512 * 1024 ** 2
const DEEPEST = 16

const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b && head[2] === 8

export const isArchive = (file: SourceFile): boolean => {
  const head = file.head()
  return isZip(head) || isTar(head) || (isGzip(head) && /\.(?:tgz|tar\.gz)$/i.test(file.name))
}

/** A name that stays below the folder of the archive; the `./` in front that tar writes is none. */
const placeOf = (name: string): string => {
  const plain = name.replace(/^(?:\.\/)+/, '')
  const parts = plain.split('/')
  const leadsOut =
    plain === '' ||
    parts.length > DEEPEST ||
    parts.some((part) => part === '' || part === '.' || part === '..' || Buffer.byteLength(part) > 255) ||
    /[\\:\u0000-\u001f]/.test(plain)
  if (leadsOut) throw new ArchiveError(because('import_archive_name', { name: JSON.stringify(name.slice(0, 100)) }))
  return plain
}

const filesOf = (file: SourceFile): PackedFile[] => {
  if (file.size > LARGEST_ARCHIVE) throw tooLarge()
  const bytes = readFileSync(file.path)
  if (isZip(bytes)) return filesOfZip(bytes)
  return filesOfTar(
    isGzip(bytes) ? unpacked(() => loadZlib().gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED })) : bytes,
  )
}

/** An archive as a folder of its own, which whoever asked takes away. */
export interface Unpacked {
  readonly folder: string
  remove(): void
}

/**
 * Unpacks an archive beside nothing: every name is looked at before the first file is written, and one that would lead out
 * of the folder refuses all. Throws SourceError.
 */
export const unpack = (file: SourceFile, scratch = tmpdir()): Unpacked => {
  const folder = mkdtempSync(join(scratch, 'vigia-archive-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const files = filesOf(file).map((one) => ({ ...one, place: placeOf(one.name) }))
    let left = MOST_UNPACKED
    for (const { place, bytes } of files) {
      const content = bytes(left)
      left -= content.length
      const path = join(folder, place)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
    }
    return { folder, remove }
  } catch (error) {
    remove()
    if (error instanceof ArchiveError) throw new SourceError({ file: file.name }, error.why)
    const { code } = error as NodeJS.ErrnoException
    // Two names of which one is a folder of the other, or a full disk.
    if (code !== undefined && /^E[A-Z]+$/.test(code))
      throw new SourceError({ file: file.name }, because('import_archive_damaged', { why: code }))
    throw error
  }
}
