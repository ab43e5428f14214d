import { chmodSync, closeSync, existsSync, fsyncSync, openSync, statSync } from 'node:fs'

const PRIVATE = 0o600

/** What SQLite keeps beside a database. */
const BESIDE = ['-wal', '-shm', '-journal'] as const

/** A database and the files that belong to it. */
export const withSideFiles = (path: string): readonly string[] => [path, ...BESIDE.map((end) => path + end)]

const correct = (path: string) => {
  if (existsSync(path) && (statSync(path).mode & 0o777) !== PRIVATE) chmodSync(path, PRIVATE)
}

/**
 * Nobody but their owner reads a database, its log and its index, whatever the umask says and whoever made them; those
 * that SQLite makes later take the mode of the database. Where it is not ours to change, opening it will tell.
 */
export const keepPrivate = (path: string): void => {
  try {
    if (!existsSync(path)) closeSync(openSync(path, 'wx', PRIVATE))
    for (const one of withSideFiles(path)) correct(one)
  } catch {
    // A full disk, another owner: whoever opens it next hears of that in words.
  }
}

/** What was written to a file, or the names in a folder, survive a power cut. */
export const syncPath = (path: string): void => {
  // Windows has no way to open a folder for this.
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
