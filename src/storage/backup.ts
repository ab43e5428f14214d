import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { lockFolder } from './lock.ts'
import { StorageError } from './storage-error.ts'

/** The files of a data folder that a backup takes; the key that seals secrets stays where it is. */
const FILES = ['vigia.db', 'history.db'] as const

const damaged = (path: string): string | undefined => {
  try {
    const database = new DatabaseSync(path, { readOnly: true })
    try {
      const { integrity_check: verdict } = database.prepare('pragma integrity_check(1)').get() as {
        integrity_check: string
      }
      return verdict === 'ok' ? undefined : verdict
    } finally {
      database.close()
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/**
 * Copies the databases of a data folder to another folder while a server may be writing, and checks the copies.
 * Returns the files. Throws StorageError when there is nothing to copy, the target is taken, or a copy is damaged.
 */
export const backupFolder = async (dataDir: string, target: string): Promise<string[]> => {
  const present = FILES.filter((file) => existsSync(join(dataDir, file)))
  if (present.length === 0)
    throw new StorageError('cannot_open', `${dataDir} holds no database. Name the data folder with --data.`)
  mkdirSync(target, { recursive: true, mode: 0o700 })
  const taken = present.find((file) => existsSync(join(target, file)))
  if (taken)
    throw new StorageError('cannot_open', `${join(target, taken)} exists already. Name a new folder for the backup.`)
  for (const file of present) {
    const source = new DatabaseSync(join(dataDir, file), { readOnly: true })
    try {
      await backup(source, join(target, file))
    } finally {
      source.close()
    }
    chmodSync(join(target, file), 0o600)
    const problem = damaged(join(target, file))
    if (problem) throw new StorageError('corrupted', `the copy ${join(target, file)} is damaged: ${problem}`)
  }
  return present.map((file) => join(target, file))
}

/**
 * Puts a backup in the place of a data folder's databases; what was there is moved aside, never deleted. Returns where
 * it went, or undefined when there was nothing. Throws StorageError when the backup is damaged or a server is running.
 */
export const restoreFolder = (source: string, dataDir: string, now: Date): string | undefined => {
  const present = FILES.filter((file) => existsSync(join(source, file)))
  if (!present.includes('vigia.db'))
    throw new StorageError('cannot_open', `${source} holds no backup: vigia.db is not there.`)
  for (const file of present) {
    const problem = damaged(join(source, file))
    if (problem) throw new StorageError('corrupted', `${join(source, file)} is damaged: ${problem}`)
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(dataDir)
  try {
    const old = readdirSync(dataDir).filter((name) =>
      FILES.some((file) => name === file || name.startsWith(`${file}-`)),
    )
    const aside = join(dataDir, `before-restore-${now.toISOString().replace(/[:.]/g, '-')}`)
    if (old.length > 0) mkdirSync(aside, { mode: 0o700 })
    for (const name of old) renameSync(join(dataDir, name), join(aside, name))
    for (const file of present) copyFileSync(join(source, file), join(dataDir, file))
    return old.length > 0 ? aside : undefined
  } finally {
    unlock()
  }
}
