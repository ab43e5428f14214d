import { type FileHandle, open } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'

/**
 * Makes commits durable without stopping the thread: SQLite would flush the disk within the commit, and nobody would be
 * answered for those milliseconds.
 */
export interface Durability {
  /** From now on commits leave their flush to `flush`. Outside of a transaction. */
  defer(): void
  /** From now on commits flush by themselves again, as every write outside of a group does. */
  restore(): void
  /** Resolves when everything that was committed before the call is on the disk. */
  flush(): Promise<void>
  close(): Promise<void>
}

/** Where the log is no separate file (a file system that cannot do it), commits go on flushing by themselves. */
const NONE: Durability = { defer: () => {}, restore: () => {}, flush: async () => {}, close: async () => {} }

const hasLog = (database: DatabaseSync): boolean =>
  (database.prepare('pragma journal_mode').get() as { journal_mode: string }).journal_mode === 'wal'

/**
 * What `synchronous = full` adds to `normal` in a write-ahead log is one flush of the log per commit
 * (sqlite.org/pragma.html#pragma_synchronous); it is made here, by another thread. Calls that come while a flush is
 * under way share the next one: it begins after they were made, so it covers what they wrote. The log of an open
 * database stays one and the same file, and carries no locks that a second handle could break.
 */
export const createDurability = (database: DatabaseSync, path: string): Durability => {
  if (!hasLog(database)) return NONE
  let log: FileHandle | undefined
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  const sync = async () => {
    log ??= await open(`${path}-wal`, 'r+')
    await log.datasync()
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
    close: async () => {
      await next?.catch(() => {})
      await running?.catch(() => {})
      await log?.close()
    },
  }
}
