import { constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { because } from '#core/cause/cause.ts'
import { SourceError } from './import-plan.ts'
import type { SourceFile } from './source.ts'

/** A database of another tool. It is only ever read. */
export interface SourceDatabase {
  /** Columns of a table; undefined where there is no such table. */
  columns(table: string): ReadonlySet<string> | undefined
  /** Rows of a query. Throws SourceError where the database is damaged. */
  rows<Row>(query: string, ...values: readonly (string | number)[]): Row[]
  /** The same as lists of values: of millions of rows, some thousands at a time. */
  lists(query: string, ...values: readonly (string | number)[]): readonly (readonly unknown[])[]
  close(): void
}

const MAGIC = Buffer.from('SQLite format 3\0')
const COPIES = 3
/** What stands beside a database that has not been closed. */
const BESIDE = ['-wal', '-journal']

const isSqlite = (file: SourceFile): boolean => file.head().subarray(0, MAGIC.length).equals(MAGIC)

const stamp = (path: string): string => {
  const stats = existsSync(path) ? statSync(path) : undefined
  return stats ? `${stats.size} ${stats.mtimeMs}` : ''
}

const stateOf = (path: string): string => ['', ...BESIDE].map((end) => stamp(path + end)).join('/')

/** The file as nobody changes it: without a lock, and without what stands beside it. */
const asItLies = ({ path }: SourceFile): URL => new URL(`${pathToFileURL(path).href}?immutable=1`)

/** A copy with what stands beside it, taken while nothing changed. */
const copyOf = (file: SourceFile, folder: string): string => {
  const copy = join(folder, basename(file.path))
  for (let times = 0; times < COPIES; times++) {
    const before = stateOf(file.path)
    for (const end of ['', ...BESIDE]) {
      rmSync(copy + end, { force: true })
      if (existsSync(file.path + end)) copyFileSync(file.path + end, copy + end, constants.COPYFILE_FICLONE)
    }
    if (stateOf(file.path) === before) return copy
  }
  throw new SourceError({ file: file.name }, because('import_database_busy'))
}

const isOpenElsewhere = ({ path }: SourceFile): boolean =>
  BESIDE.some((end) => existsSync(path + end) && statSync(path + end).size > 0)

/**
 * Opens a database of another tool so that nothing of it changes, not even a lock: as it lies there, or where it was not
 * closed, a copy of it together with what its last changes stand in. Throws SourceError.
 */
export const openSourceDatabase = (file: SourceFile): SourceDatabase => {
  const folder = isOpenElsewhere(file) ? mkdtempSync(join(tmpdir(), 'vigia-import-')) : undefined
  const tidy = () => folder !== undefined && rmSync(folder, { recursive: true, force: true })
  const damaged = (error: unknown) =>
    error instanceof SourceError
      ? error
      : new SourceError({ file: file.name }, because('import_database_damaged', { why: (error as Error).message }))
  let db: DatabaseSync
  try {
    // The copy is ours: what a tool that was killed left behind is brought in as it would do itself.
    db = folder ? new DatabaseSync(copyOf(file, folder)) : new DatabaseSync(asItLies(file), { readOnly: true })
  } catch (error) {
    tidy()
    throw damaged(error)
  }
  const reading = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw damaged(error)
    }
  }
  const statements = new Map<string, StatementSync>()
  const close = () => {
    db.close()
    tidy()
  }
  try {
    reading(() => db.exec('pragma trusted_schema = off; pragma cell_size_check = on; pragma query_only = on'))
  } catch (error) {
    close()
    throw error
  }
  return {
    columns: (table) =>
      reading(() => {
        const isTable = db.prepare("select 1 from sqlite_master where type = 'table' and name = ?").get(table)
        if (isTable === undefined) return undefined
        const rows = db.prepare('select name from pragma_table_info(?)').all(table) as unknown as { name: string }[]
        return new Set(rows.map(({ name }) => name))
      }),
    rows: (query, ...values) => reading(() => db.prepare(query).all(...values) as never),
    lists: (query, ...values) =>
      reading(() => {
        const known = statements.get(query) ?? db.prepare(query)
        statements.set(query, known)
        known.setReturnArrays(true)
        return known.all(...values) as unknown as unknown[][]
      }),
    close,
  }
}

/** Names of tables by file: each importer asks. */
const tablesKnown = new WeakMap<SourceFile, ReadonlySet<string> | undefined>()

const namesIn = (db: DatabaseSync): ReadonlySet<string> => {
  const rows = db.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[]
  return new Set(rows.map(({ name }) => name))
}

/** Tables as the file itself has them: what its last changes stand in is looked at only where it has none. */
const tablesIn = (file: SourceFile): ReadonlySet<string> | undefined => {
  try {
    const db = new DatabaseSync(asItLies(file), { readOnly: true })
    try {
      const names = namesIn(db)
      if (names.size > 0 || !isOpenElsewhere(file)) return names
    } finally {
      db.close()
    }
    const whole = openSourceDatabase(file)
    try {
      const rows = whole.rows<{ name: string }>("select name from sqlite_master where type = 'table'")
      return new Set(rows.map(({ name }) => name))
    } finally {
      whole.close()
    }
  } catch {
    // Whoever reads it says what is wrong with it.
    return undefined
  }
}

/** Whether a file is a database that has these tables; one that cannot be opened is known by its name. */
export const isDatabaseWith = (file: SourceFile, tables: readonly string[], name: string): boolean => {
  if (!isSqlite(file)) return false
  if (!tablesKnown.has(file)) tablesKnown.set(file, tablesIn(file))
  const known = tablesKnown.get(file)
  return known ? tables.every((table) => known.has(table)) : basename(file.name) === name
}
