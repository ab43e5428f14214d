import { DatabaseSync } from 'node:sqlite'
import { because } from '#core/cause/cause.ts'
import { keepPrivate } from '../private-file.ts'
import { StorageError } from '../storage-error.ts'

const FORMAT = 2

/**
 * `journal`: batches as they came. `flushed`: the row up to which the results of a part are in blocks. `block`: one
 * monitor's results of about an hour; `minute`: of a day, gathered by minute. `hour`, `day`: summaries. `kept`: since
 * when a level is complete. `installation`: whose monitors they are.
 */
const SCHEMA = `
  create table if not exists journal (id integer primary key, body blob);
  create table if not exists flushed (part integer primary key, row integer);
  create table if not exists block (
    monitor_id integer, start integer, end_at integer, body blob, primary key (monitor_id, start)) without rowid;
  create table if not exists minute (
    monitor_id integer, start integer, end_at integer, body blob, primary key (monitor_id, start)) without rowid;
  create table if not exists hour (monitor_id integer, start integer, body blob, primary key (monitor_id, start)) without rowid;
  create table if not exists day (monitor_id integer, start integer, body blob, primary key (monitor_id, start)) without rowid;
  create table if not exists kept (level text primary key, since integer);
  create table if not exists installation (id text primary key);
  pragma user_version = ${FORMAT};
`

/** Rows of the journal told their times and their number; an index led to the ends of blocks. */
const FROM_FIRST = `
  alter table journal drop column from_at;
  alter table journal drop column to_at;
  alter table journal drop column results;
  drop index if exists block_end;
`

/** Marks the file as an installation's own; one that carries no mark yet is taken to be. */
const claim = (db: DatabaseSync, path: string, installation: string) => {
  const row = db.prepare('select id from installation').get() as { id: string } | undefined
  if (row === undefined) db.prepare('insert into installation (id) values (?)').run(installation)
  else if (row.id !== installation) throw new StorageError('foreign', because('history_of_another', { path }))
}

/**
 * Opens `history.db` and brings it to the present format. Throws StorageError when it belongs to a newer program or
 * to another installation, node:sqlite's error when it cannot be opened.
 */
export const openHistoryFile = (path: string, installation?: string): DatabaseSync => {
  keepPrivate(path)
  const db = new DatabaseSync(path, { timeout: 5000 })
  try {
    db.exec('pragma auto_vacuum = incremental; pragma journal_mode = wal; pragma synchronous = normal')
    db.exec('pragma cache_size = -4000')
    const { user_version: format } = db.prepare('pragma user_version').get() as { user_version: number }
    if (format > FORMAT) throw new StorageError('newer', because('history_newer', { path, format }))
    db.exec(`begin immediate; ${format === 1 ? FROM_FIRST : ''} ${SCHEMA} commit`)
    if (installation !== undefined) claim(db, path, installation)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Runs work in one transaction: all of it or nothing. */
export const inTransaction = <T>(db: DatabaseSync, work: () => T): T => {
  db.exec('begin immediate')
  try {
    const result = work()
    db.exec('commit')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('rollback')
    throw error
  }
}
