import { existsSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { because } from '#core/cause/cause.ts'
import { keepPrivate, syncPath, withSideFiles } from './private-file.ts'
import { StorageError } from './storage-error.ts'

/** A database that is larger is not taken into memory. */
const LARGEST_BYTES = 512 * 1024 * 1024
/** What a disk must offer beside the database itself before it is written back. */
const ROOM_BYTES = 16 * 1024 * 1024

interface SchemaRow {
  readonly type: string
  readonly name: string
  readonly sql: string
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/**
 * Takes over what a file holds. Read as the only user of it: the index of its log stands in memory then, and no byte is
 * needed on the disk (sqlite.org/wal.html#use_of_wal_without_shared_memory).
 */
const takeOver = (memory: DatabaseSync, path: string): void => {
  // Before the file is attached, for attaching reads it.
  memory.exec('pragma locking_mode = exclusive; pragma foreign_keys = off')
  memory.prepare('attach ? as disk').run(path)
  try {
    memory.exec('begin')
    const rows = memory
      .prepare("select type, name, sql from disk.sqlite_schema where sql is not null and name not like 'sqlite_%'")
      .all() as unknown as SchemaRow[]
    const tables = rows.filter(({ type }) => type === 'table')
    for (const { sql } of tables) memory.exec(sql)
    for (const { name } of tables) memory.exec(`insert into main.${quoted(name)} select * from disk.${quoted(name)}`)
    for (const { type, sql } of rows) if (type !== 'table') memory.exec(sql)
    // Ids are never used again, those of removed rows neither.
    memory.exec('delete from main.sqlite_sequence; insert into main.sqlite_sequence select * from disk.sqlite_sequence')
    memory.exec('commit; pragma foreign_keys = on')
  } finally {
    if (memory.isTransaction) memory.exec('rollback')
    memory.exec('detach disk; pragma locking_mode = normal')
  }
}

/** A database in memory that holds what the file holds, for a time in which the disk takes nothing. */
export const openAway = (path: string): DatabaseSync => {
  const bytes = sizeOf(path) + sizeOf(`${path}-wal`)
  if (bytes > LARGEST_BYTES) throw new StorageError('full', because('store_too_large_for_memory', { path }))
  const memory = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true })
  try {
    if (sizeOf(path) > 0) takeOver(memory, path)
    return memory
  } catch (error) {
    memory.close()
    throw error
  }
}

/** Whether there is room to write it back. */
export const hasRoom = (memory: DatabaseSync, path: string): boolean => {
  const { pages } = memory.prepare('select page_count as pages from pragma_page_count').get() as { pages: number }
  const { size } = memory.prepare('select page_size as size from pragma_page_size').get() as { size: number }
  const { bavail, bsize } = statfsSync(dirname(path))
  return bavail * bsize >= pages * size + ROOM_BYTES
}

/** Brings the old file into one piece: a log that stayed beside its successor would be taken for that one's. */
const endLog = (path: string) => {
  if (!existsSync(path)) return
  const old = new DatabaseSync(path, { timeout: 5000 })
  try {
    old.exec('pragma journal_mode = delete')
  } finally {
    old.close()
  }
}

/**
 * Puts what is in memory in the place of the file, whole: the old one stays until the new one is on the disk. Throws
 * node's or SQLite's error, and leaves the old file, where it cannot.
 */
export const putBack = (memory: DatabaseSync, path: string): void => {
  const partial = `${path}.partial`
  try {
    for (const one of withSideFiles(partial)) rmSync(one, { force: true })
    keepPrivate(partial)
    memory.prepare('vacuum into ?').run(partial)
    syncPath(partial)
    endLog(path)
    renameSync(partial, path)
    syncPath(dirname(path))
  } finally {
    rmSync(partial, { force: true })
  }
}
