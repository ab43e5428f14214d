import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { because } from '#core/cause/cause.ts'
import { lockFolder } from './lock.ts'
import { refuseLost } from './lost-database.ts'
import { keepPrivate, syncPath, withSideFiles } from './private-file.ts'
import { explainSqlite, StorageError } from './storage-error.ts'

/**
 * The files of a data folder that a backup takes, in the order of their copies: the graphs first, so that every monitor
 * that they speak of is in the database that is copied after them. The key that seals secrets stays where it is.
 */
const FILES = ['history.db', 'vigia.db'] as const
const MAIN = 'vigia.db'

/** All pages in one step: it reads one snapshot. With more steps SQLite begins anew whenever the server commits. */
const ALL_PAGES = 2 ** 31 - 1

const partialOf = (path: string) => `${path}.partial`

const discard = (path: string) => {
  for (const one of withSideFiles(path)) rmSync(one, { force: true })
}

/** What an attempt left that was ended before it was complete. The database gets its name last. */
const discardAttempt = (target: string) => {
  const begun = FILES.some((file) => existsSync(partialOf(join(target, file))))
  for (const file of FILES) discard(partialOf(join(target, file)))
  if (begun && !existsSync(join(target, MAIN))) discard(join(target, 'history.db'))
}

/** Makes a copy one file that stands alone, and reads all of it. Returns what is wrong with it. */
const settle = (path: string): string | undefined => {
  try {
    const database = new DatabaseSync(path)
    try {
      database.exec('pragma journal_mode = delete')
      // Sound for SQLite, and nothing that a server ever wrote.
      if (database.prepare('pragma page_count').get()!.page_count === 0) return 'it is empty'
      const { integrity_check: verdict } = database.prepare('pragma integrity_check(1)').get() as {
        integrity_check: string
      }
      if (verdict !== 'ok') return verdict
    } finally {
      database.close()
    }
    syncPath(path)
    return undefined
  } catch (error) {
    const explained = explainSqlite(error, path)
    if (explained instanceof StorageError && explained.fault === 'full') throw explained
    return error instanceof Error ? error.message : String(error)
  }
}

const copyOf = async (source: string, partial: string) => {
  keepPrivate(partial)
  try {
    const database = new DatabaseSync(source, { readOnly: true, timeout: 5000 })
    try {
      await backup(database, partial, { rate: ALL_PAGES })
    } finally {
      database.close()
    }
  } catch (error) {
    const { fault } = explainSqlite(error, partial) as Partial<StorageError>
    throw explainSqlite(error, fault === 'full' ? partial : source)
  }
  const problem = settle(partial)
  if (problem) throw new StorageError('corrupted', because('backup_copy_damaged', { file: source, words: problem }))
}

const takenBy = (target: string) => new StorageError('cannot_open', because('backup_exists', { path: target }))

/**
 * Copies the databases of a data folder to another folder while a server may be writing, each as it was at one moment,
 * and checks the copies. They get their names when all are complete; an attempt that was ended before, however, leaves
 * nothing that would keep the next one from the folder. Returns the files. Throws StorageError when there is nothing to
 * copy, the target is taken, the disk is full, or a copy is damaged.
 */
export const backupFolder = async (dataDir: string, target: string, signal?: AbortSignal): Promise<string[]> => {
  refuseLost(dataDir)
  const present = FILES.filter((file) => existsSync(join(dataDir, file)))
  if (!present.includes(MAIN))
    throw new StorageError('cannot_open', because('backup_of_nothing', { folder: dataDir, file: MAIN }))
  mkdirSync(target, { recursive: true, mode: 0o700 })
  if (existsSync(join(target, MAIN))) throw takenBy(join(target, MAIN))
  const unlock = lockFolder(target)
  const clean = () => {
    discardAttempt(target)
    unlock()
  }
  signal?.addEventListener('abort', clean, { once: true })
  try {
    discardAttempt(target)
    const taken = FILES.find((file) => existsSync(join(target, file)))
    if (taken) throw takenBy(join(target, taken))
    for (const file of present) await copyOf(join(dataDir, file), partialOf(join(target, file)))
    for (const file of present) renameSync(partialOf(join(target, file)), join(target, file))
    syncPath(target)
    return present.map((file) => join(target, file))
  } finally {
    signal?.removeEventListener('abort', clean)
    clean()
  }
}

/** A file and, where it was copied by hand while a server ran, the log beside it, which holds the newest of it. */
const takeCopy = (source: string, path: string) => {
  discard(path)
  keepPrivate(path)
  copyFileSync(source, path)
  const log = `${source}-wal`
  if (existsSync(log) && statSync(log).size > 0) copyFileSync(log, `${path}-wal`)
  keepPrivate(path)
}

const asStorageError = (error: unknown, folder: string): unknown => {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') return error
  return new StorageError('full', because('backup_disk_full', { folder }))
}

/**
 * Puts a backup in the place of a data folder's databases; what was there is moved aside, never deleted, and only when
 * the copies are complete and sound. Returns where it went, or undefined when there was nothing. Throws StorageError when
 * the backup is damaged, the disk is full, or a server is running.
 */
export const restoreFolder = (source: string, dataDir: string, now: Date): string | undefined => {
  const present = FILES.filter((file) => existsSync(join(source, file)))
  if (!present.includes(MAIN))
    throw new StorageError('cannot_open', because('backup_not_there', { folder: source, file: MAIN }))
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(dataDir)
  const partials = FILES.map((file) => partialOf(join(dataDir, file)))
  try {
    for (const partial of partials) discard(partial)
    for (const file of present) {
      takeCopy(join(source, file), partialOf(join(dataDir, file)))
      const problem = settle(partialOf(join(dataDir, file)))
      if (problem)
        throw new StorageError('corrupted', because('backup_damaged', { file: join(source, file), words: problem }))
    }
    const old = readdirSync(dataDir).filter((name) => FILES.some((file) => withSideFiles(file).includes(name)))
    const aside = join(dataDir, `before-restore-${now.toISOString().replace(/[:.]/g, '-')}`)
    if (old.length > 0) mkdirSync(aside, { mode: 0o700 })
    for (const name of old) renameSync(join(dataDir, name), join(aside, name))
    for (const file of present) renameSync(partialOf(join(dataDir, file)), join(dataDir, file))
    syncPath(dataDir)
    return old.length > 0 ? aside : undefined
  } catch (error) {
    throw asStorageError(error, dataDir)
  } finally {
    for (const partial of partials) discard(partial)
    unlock()
  }
}
