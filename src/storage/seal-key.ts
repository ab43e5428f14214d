import { createHash, randomBytes, scryptSync } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { because } from '#core/cause/cause.ts'
import { syncPath } from './private-file.ts'
import { StorageError } from './storage-error.ts'

/** A key for secrets at rest, and the name by which sealed values refer to it. */
export interface SealKey {
  readonly id: string
  readonly bytes: Buffer
}

export interface SealKeys {
  /** Seals what is written from now on. */
  readonly current: SealKey
  /** Still open what was sealed earlier. */
  readonly older: readonly SealKey[]
}

/** The same where there may be none that seals. */
export type FoundKeys = Omit<SealKeys, 'current'> & { readonly current: SealKey | undefined }

const KEY_BYTES = 32
const SHORTEST_TEXT = 16
/** Fixed, because the same text must give the same key on every node. */
const TEXT_SALT = 'vigia secrets at rest'

const keyOf = (bytes: Buffer): SealKey => ({
  id: createHash('sha256').update('vigia key id').update(bytes).digest('hex').slice(0, 12),
  bytes,
})

/** Bytes that the text spells out, as 64 hex digits or base64 of 32 bytes. */
const spelledOut = (text: string): Buffer | undefined => {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  const base64 = /^[A-Za-z0-9+/]{43}=?$/.test(text) || /^[A-Za-z0-9_-]{43}=?$/.test(text)
  return base64 ? Buffer.from(text, 'base64') : undefined
}

/**
 * The key that a text stands for: 64 hex digits or base64 of 32 bytes as they are; any other text of at least 16
 * characters through scrypt. Undefined when it is shorter.
 */
export const keyFromText = (text: string): SealKey | undefined => {
  const trimmed = text.trim()
  if (trimmed.length < SHORTEST_TEXT) return undefined
  return keyOf(spelledOut(trimmed) ?? scryptSync(trimmed, TEXT_SALT, KEY_BYTES))
}

const requiredKey = (name: string, text: string): SealKey => {
  const key = keyFromText(text)
  if (key) return key
  throw new StorageError('cannot_open', because('key_too_short', { name, least: SHORTEST_TEXT }))
}

/** The file's content, or undefined when there is none. */
const readKeyFile = (path: string): SealKey | undefined => {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new StorageError('cannot_open', because('key_file_unread', { path, error: (error as Error).message }), error)
  }
  const bytes = spelledOut(text.trim())
  if (bytes) return keyOf(bytes)
  throw new StorageError('corrupted', because('key_file_malformed', { path }))
}

const writeDurably = (path: string, text: string) => {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Answers of file systems without hard links, as FAT and some network shares are. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** Gives the file its name, unless another has it. */
const publish = (temporary: string, path: string, text: string) => {
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    writeDurably(path, text)
  }
}

/** Makes the file with a new key. It appears complete or not at all, and never over another's. */
const makeKeyFile = (path: string) => {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  const text = `${randomBytes(KEY_BYTES).toString('hex')}\n`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeDurably(temporary, text)
    publish(temporary, path, text)
    // The name survives a power cut as well: without the key, what it sealed is lost.
    syncPath(dirname(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return
    throw new StorageError(
      'cannot_open',
      because('key_file_not_made', { path, error: (error as Error).message }),
      error,
    )
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** The keys that there are; see `loadSealKeys`. Makes none. */
export const findSealKeys = (
  dataDir: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): FoundKeys => {
  const { VIGIA_KEY, VIGIA_KEY_PREVIOUS } = environment
  const previous = VIGIA_KEY_PREVIOUS ? [requiredKey('VIGIA_KEY_PREVIOUS', VIGIA_KEY_PREVIOUS)] : []
  const file = readKeyFile(join(dataDir, 'secret.key'))
  if (!VIGIA_KEY) return { current: file, older: previous }
  return { current: requiredKey('VIGIA_KEY', VIGIA_KEY), older: [...previous, ...(file ? [file] : [])] }
}

/**
 * The keys of this server: `VIGIA_KEY`, else `secret.key` in the data folder, made once with mode 0600. Values sealed
 * before `VIGIA_KEY` was set stay readable by the file, and those sealed before it was changed by
 * `VIGIA_KEY_PREVIOUS`. Throws StorageError, whose message is for people.
 */
export const loadSealKeys = (
  dataDir: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): SealKeys => {
  const found = findSealKeys(dataDir, environment)
  if (found.current) return { ...found, current: found.current }
  const path = join(dataDir, 'secret.key')
  makeKeyFile(path)
  return { ...found, current: readKeyFile(path)! }
}
