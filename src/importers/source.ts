import { closeSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { decodeTable } from '#config/csv.ts'
import { because } from '#core/cause/cause.ts'
import { SourceError } from './import-plan.ts'

/** One file of a source. It is only ever read. */
export interface SourceFile {
  /** Its name within the source, with `/`. */
  readonly name: string
  readonly path: string
  readonly size: number
  /** When it was written last, ms. */
  readonly changedAt: number
  /** How it begins, as bytes: by that it is recognised. */
  head(): Buffer
  /** The same as text; empty for what is not text. */
  headText(): string
  /** All of it, whatever its encoding. Throws SourceError. */
  text(): string
}

/** What was given to be read: a file, or a folder with all in it. */
export interface Source {
  readonly root: string
  /** The files that may be recognised. */
  readonly files: readonly SourceFile[]
  /** Another file of the folder, by its name as a file of the source says it: never one outside of it. */
  file(name: string, from?: SourceFile): SourceFile | undefined
}

const HEAD_BYTES = 64 * 1024
const LARGEST_TEXT = 128 * 1024 * 1024
const MOST_FILES = 5000
const DEEPEST = 8
/** Folders that hold programs, and never what people set up. */
const SKIPPED = new Set(['node_modules', '.git', '__pycache__', '.venv', 'venv'])

const sizeText = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MB`

const readSome = (path: string, most: number): Buffer => {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(Math.min(most, fstatSync(file).size))
    let read = 0
    while (read < bytes.length) {
      const count = readSync(file, bytes, read, bytes.length - read, read)
      if (count === 0) break
      read += count
    }
    return bytes.subarray(0, read)
  } finally {
    closeSync(file)
  }
}

const isText = (bytes: Buffer): boolean => {
  const mark = bytes.length > 1 ? bytes.readUInt16BE(0) : 0
  return mark === 0xfffe || mark === 0xfeff || !bytes.includes(0)
}

const fileOf = (root: string, path: string): SourceFile => {
  const name = relative(root, path).split(sep).join('/') || basename(path)
  const place = { file: name }
  const { size, mtimeMs } = statSync(path)
  const read = (most: number): Buffer => {
    try {
      return readSome(path, most)
    } catch (error) {
      throw new SourceError(place, because('import_no_access', { why: (error as Error).message }))
    }
  }
  let head: Buffer | undefined
  const begin = () => {
    head ??= read(HEAD_BYTES)
    return head
  }
  return {
    name,
    path,
    size,
    changedAt: mtimeMs,
    head: begin,
    headText: () => (isText(begin()) ? decodeTable(begin()).replace(/^\uFEFF/, '') : ''),
    text: () => {
      if (size > LARGEST_TEXT)
        throw new SourceError(
          place,
          because('import_too_large', { size: sizeText(size), most: sizeText(LARGEST_TEXT) }),
        )
      const bytes = read(LARGEST_TEXT)
      if (!isText(bytes)) throw new SourceError(place, because('import_not_text'))
      return decodeTable(bytes)
        .replace(/^\uFEFF/, '')
        .replaceAll('\r\n', '\n')
    },
  }
}

const filesBelow = (root: string): SourceFile[] => {
  const found: SourceFile[] = []
  const visit = (folder: string, depth: number) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && depth < DEEPEST && !SKIPPED.has(entry.name)) visit(path, depth + 1)
      // A link may lead anywhere, a socket or a pipe nowhere.
      if (!entry.isFile()) continue
      if (found.length >= MOST_FILES)
        throw new SourceError({ file: root }, because('import_too_many_files', { most: MOST_FILES }))
      found.push(fileOf(root, path))
    }
  }
  visit(root, 1)
  return found
}

const isWithin = (root: string, path: string): boolean => path.startsWith(root.endsWith(sep) ? root : root + sep)

/** Opens a file or a folder to be read. Throws SourceError where there is none. */
export const openSource = (given: string): Source => {
  const place = { file: given }
  const real = (path: string): string | undefined => {
    try {
      return realpathSync(path)
    } catch {
      return undefined
    }
  }
  const path = real(resolve(given))
  if (path === undefined) throw new SourceError(place, because('import_not_there'))
  try {
    const isFolder = statSync(path).isDirectory()
    const root = isFolder ? path : dirname(path)
    return {
      root,
      files: isFolder ? filesBelow(root) : [fileOf(root, path)],
      file: (name, from) => {
        const base = from ? dirname(from.path) : root
        const found = real(resolve(base, name))
        return found !== undefined && isWithin(root, found) && statSync(found).isFile()
          ? fileOf(root, found)
          : undefined
      },
    }
  } catch (error) {
    if (error instanceof SourceError) throw error
    throw new SourceError(place, because('import_no_access', { why: (error as Error).message }))
  }
}
