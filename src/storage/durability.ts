import { type FileHandle, open } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import { because } from '#core/cause/cause.ts'
import { explainSystem, StorageError } from './storage-error.ts'

/**
 * Makes commits durable without stopping the thread: SQLite would flush the disk within the commit, and nobody would be
 * answered for those milliseconds.
 */
export interface Durability {
  /** From now on commits leave their flush to `flush`. Outside of a transaction. */
  defer(): void
  /** From now on commits flush by themselves again, as every write outside of a group does. */
  restore(): void
  /** Resolves when everything that was committed before the call is on the disk; rejects with StorageError. */
  flush(): Promise<void>
  /** True after a flush that failed: what was committed last may be lost, and no later flush proves that it is not. */
  doubtful(): boolean
  /**
   * Writes what is committed anew, into the database itself, and begins the log anew. When it returns, all of it is on
   * the disk. Outside of a transaction; stops the thread meanwhile. Throws while the disk still fails.
   */
  heal(): void
  close(): Promise<void>
}

/** Where the log is no separate file (a file system that cannot do it), commits go on flushing by themselves. */
const NONE: Durability = {
  defer: () => {},
  restore: () => {},
  flush: async () => {},
  doubtful: () => false,
  heal: () => {},
  close: async () => {},
}

const hasLog = (database: DatabaseSync): boolean =>
  (database.prepare('pragma journal_mode').get() as { journal_mode: string }).journal_mode === 'wal'

/**
 * What `synchronous = full` adds to `normal` in a write-ahead log is one flush of the log per commit
 * (sqlite.org/pragma.html#pragma_synchronous); it is made here, by another thread. Calls that come while a flush is
 * under way share the next one: it begins after they were made, so it covers what they wrote. The log of an open
 * database stays one and the same file, and carries no locks that a second handle could break.
 *
 * After a flush that failed the system may have let go of what it could not write, and calls the next flush a success
 * (fsync(2)): only what is written again is sure.
 */
export const createDurability = (database: DatabaseSync, path: string): Durability => {
  if (!hasLog(database)) return NONE
  const name = `${path}-wal`
  let log: FileHandle | undefined
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  let failed = false

  const sync = async () => {
    try {
      log ??= await open(name, 'r+')
      await log.datasync()
      if (failed) throw new StorageError('busy', because('store_written_anew', { path }))
    } catch (error) {
      failed = true
      throw explainSystem(error, path)
    }
  }
  const start = (): Promise<void> => {
    running = sync().finally(() => {
      running = undefined
    })
    return running
  }
  const afterThisOne = async (): Promise<void> => {
    await running?.catch(() => {})
    next = undefined
    return start()
  }

  return {
    // Not prepared: this setting is made while the statement is compiled.
    defer: () => database.exec('pragma synchronous = normal'),
    restore: () => database.exec('pragma synchronous = full'),
    flush: () => {
      if (!running && !next) return start()
      next ??= afterThisOne()
      return next
    },
    doubtful: () => failed,
    heal: () => {
      const { busy } = database.prepare('pragma wal_checkpoint(truncate)').get() as { busy: number }
      if (busy !== 0) throw new StorageError('busy', because('store_log_read', { path }))
      failed = false
      void log?.close().catch(() => {})
      log = undefined
    },
    close: async () => {
      await next?.catch(() => {})
      await running?.catch(() => {})
      await log?.close().catch(() => {})
    },
  }
}
