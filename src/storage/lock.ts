import { readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { because } from '#core/cause/cause.ts'
import { StorageError } from './storage-error.ts'

const ZOMBIE = 'Z'

/** State and start time that Linux gives a process; empty elsewhere. */
const procStat = (pid: number): readonly string[] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return procStat(pid)[0] !== ZOMBIE
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process started, so that a pid in use by another program is not taken for the owner. */
const startOf = (pid: number): string => procStat(pid)[19] ?? ''

const textOf = (path: string): string => {
  try {
    return readlinkSync(path)
  } catch {
    return readFileSync(path, 'utf8')
  }
}

/** A full disk has no room for the text of a file; that of a link stands in its entry, on most file systems. */
const writeLock = (path: string, text: string) => {
  try {
    writeFileSync(path, `${text}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    rmSync(path, { force: true })
    symlinkSync(text, path)
  }
}

const holder = (path: string): { pid: number; start: string } | undefined => {
  try {
    const [pid, start] = textOf(path).trim().split(' ')
    return { pid: Number(pid), start: start ?? '' }
  } catch {
    return undefined
  }
}

/**
 * Takes the data folder for this process; returns the release. A lock whose process is gone is taken over. Throws
 * StorageError naming the other's pid when the folder is in use, or why the folder cannot be written.
 */
export const lockFolder = (folder: string): (() => void) => {
  const path = join(folder, 'vigia.lock')
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeLock(path, `${process.pid} ${startOf(process.pid)}`)
      return () => rmSync(path, { force: true })
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
        throw new StorageError('read_only', because('folder_read_only', { folder }), error)
      if (code === 'ENOSPC') throw new StorageError('full', because('folder_full', { folder }), error)
      if (code !== 'EEXIST') throw error
    }
    const other = holder(path)
    if (other && alive(other.pid) && (other.start === '' || startOf(other.pid) === other.start))
      throw new StorageError('in_use', because('folder_in_use', { folder, pid: String(other.pid) }))
    rmSync(path, { force: true })
  }
  throw new StorageError('in_use', because('folder_being_taken', { folder }))
}
