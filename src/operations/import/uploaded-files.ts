import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Outcome, refused } from '#core/problem.ts'
import { says } from '#core/said.ts'
import { done } from '#lib/result.ts'

/** All files of one upload together, bytes. */
export const MOST_UPLOADED = 4 * 1024 ** 3
/** So much stays free for the server itself, bytes; it is looked at each so many that came. */
const KEPT_FREE = 256 * 1024 ** 2
const LOOKED_AT_EACH = 32 * 1024 ** 2
const DEEPEST = 8
const MOST_FILES = 2000

const gb = (bytes: number): string => `${Math.ceil(bytes / 1024 ** 3)} GB`

/** A name as it stands below the folder of an upload: parts with `/`, never one that leads out of it. */
const isPlainName = (name: string): boolean => {
  const parts = name.split('/')
  return (
    parts.length <= DEEPEST &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= 200) &&
    !/[\\\u0000-\u001f]/.test(name)
  )
}

const badName = (name: string) => {
  const shown = JSON.stringify(name.slice(0, 80))
  const said = says(
    `${shown} is no name of a file here: write it without .., \\ and a leading /, at most ${DEEPEST} folders deep`,
    `${shown} no sirve como nombre de archivo: escríbalo sin .., \\ ni / inicial, con ${DEEPEST} carpetas como máximo`,
  )
  return refused('invalid_input', 'name', said.message, said)
}

const tooLarge = () => {
  const most = gb(MOST_UPLOADED)
  const said = says(
    `More than ${most} are not taken: run vigia import where the file is, with the server stopped.`,
    `No se aceptan más de ${most}: ejecute vigia import donde está el archivo, con el servidor detenido.`,
  )
  return refused('too_large', '', said.message, said)
}

const noRoom = () => {
  const said = says(
    'The disk of the data folder has no room for it: free some space, or run vigia import with the server stopped.',
    'El disco de la carpeta de datos no tiene lugar: libere espacio, o ejecute vigia import con el servidor detenido.',
  )
  return refused('no_room', '', said.message, said)
}

const cut = () => {
  const said = says(
    'The file was cut off while it came: send it again.',
    'El archivo se cortó al llegar: envíelo otra vez.',
  )
  return refused('invalid_input', '', said.message, said)
}
/** What stands there is a folder. */
const NO_FILE = new Set(['EISDIR', 'ENOTEMPTY', 'EEXIST'])
/** Who sends has gone. */
const CUT = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'])

const freeBytes = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

export interface Arriving {
  /** As who sends calls it: `kuma.db`, `config.d/services.yaml`. */
  readonly name: string
  readonly body: AsyncIterable<Buffer>
  /** How long it says to be, bytes. */
  readonly declared?: number | undefined
}

/** The files of one upload, below a folder of its own. */
export interface UploadedFiles {
  readonly folder: string
  names(): readonly { readonly name: string; readonly size: number }[]
  /** Keeps a file as it comes, a piece at a time; one of the same name takes its place. Nothing is left of one that is cut, and what it was to replace stays. */
  add(arriving: Arriving): Promise<Outcome<undefined>>
}

export const createUploadedFiles = (folder: string): UploadedFiles => {
  const sizes = new Map<string, number>()
  const others = (name: string) => [...sizes].reduce((sum, [other, size]) => sum + (other === name ? 0 : size), 0)

  const write = async (path: string, name: string, body: AsyncIterable<Buffer>): Promise<Outcome<number>> => {
    let size = 0
    let lookedAt = 0
    const file = await open(path, 'w', 0o600)
    try {
      for await (const piece of body) {
        size += piece.length
        if (others(name) + size > MOST_UPLOADED) return tooLarge()
        if (size - lookedAt >= LOOKED_AT_EACH) {
          lookedAt = size
          if ((await freeBytes(folder)) < KEPT_FREE) return noRoom()
        }
        await file.write(piece)
      }
      return done(size)
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (code === 'ENOSPC') return noRoom()
      if (CUT.has(code)) return cut()
      throw error
    } finally {
      await file.close()
    }
  }

  return {
    folder,
    names: () => [...sizes].map(([name, size]) => ({ name, size })),
    add: async ({ name, body, declared = 0 }) => {
      if (!isPlainName(name)) return badName(name)
      if (others(name) + declared > MOST_UPLOADED || sizes.size >= MOST_FILES) return tooLarge()
      const path = join(folder, name)
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        if ((await freeBytes(folder)) < declared + KEPT_FREE) return noRoom()
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        // Another file is called like its folder.
        if (code === 'ENOTDIR' || code === 'EEXIST') return badName(name)
        if (code === 'ENOSPC') return noRoom()
        throw error
      }
      // Two of one name that come at once do not mix: the one that ends last stays.
      const coming = `${folder}.${randomUUID()}`
      try {
        const kept = await write(coming, name, body)
        if (!kept.ok) return kept
        await rename(coming, path)
        sizes.set(name, kept.value)
        return done(undefined)
      } catch (error) {
        // A folder is called like it.
        if (NO_FILE.has((error as NodeJS.ErrnoException).code ?? '')) return badName(name)
        throw error
      } finally {
        await rm(coming, { force: true })
      }
    },
  }
}
