import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Database } from './database.ts'
import { keepPrivate } from './private-file.ts'
import { explainSqlite } from './storage-error.ts'
import type { Tables } from './tables.ts'

/** Prepared statements kept per connection; queries are made from a few shapes. */
const STATEMENTS_KEPT = 500

interface Prepared {
  readonly statement: StatementSync
  /** Of the rows that it returns; none: it returns no rows. */
  columns: readonly string[]
}

const namesOf = (statement: StatementSync): string[] => statement.columns().map(({ name }) => name)

/** Rows come as arrays: making objects of them here takes half the time that node:sqlite takes for its own. */
const rowOf = (columns: readonly string[], values: readonly unknown[]): Record<string, unknown> => {
  const row: Record<string, unknown> = {}
  for (let index = 0; index < columns.length; index++) row[columns[index]!] = values[index]
  return row
}

const rowsOf = (prepared: Prepared, values: readonly SQLInputValue[]): Record<string, unknown>[] => {
  const found = prepared.statement.all(...values) as unknown as unknown[][]
  // The table may have got a column since the statement was prepared.
  if (found[0] && found[0].length !== prepared.columns.length) prepared.columns = namesOf(prepared.statement)
  return found.map((one) => rowOf(prepared.columns, one))
}

/** node:sqlite binds `undefined` and `Date` as NULL without a word; here they are a bug that shows itself. */
const checkParameters = (parameters: readonly unknown[]): SQLInputValue[] => {
  for (const value of parameters) {
    const type = typeof value
    const fine = value === null || type === 'number' || type === 'string' || type === 'bigint'
    if (!fine && !(value instanceof Uint8Array))
      throw new TypeError(`cannot store a ${value instanceof Date ? 'Date' : type} in SQLite`)
  }
  return parameters as SQLInputValue[]
}

/** An open database and its prepared statements: node:sqlite is synchronous, and so is this. */
export interface SqliteStatements {
  /** The rows of a statement, and of one that returns none how many it changed and the id of the last new one. */
  execute(sql: string, parameters: readonly unknown[]): QueryResult<unknown>
  /** Runs a statement that returns nothing of interest. */
  run(sql: string): void
}

/** `path` names the database in errors. */
export const createSqliteStatements = (database: DatabaseSync, path: string): SqliteStatements => {
  const statements = new Map<string, Prepared>()
  const prepare = (sql: string): Prepared => {
    const known = statements.get(sql)
    if (known) return known
    const statement = database.prepare(sql)
    statement.setReturnArrays(true)
    const prepared = { statement, columns: namesOf(statement) }
    if (statements.size >= STATEMENTS_KEPT) statements.delete(statements.keys().next().value!)
    statements.set(sql, prepared)
    return prepared
  }
  const execute = (sql: string, parameters: readonly unknown[]): QueryResult<unknown> => {
    const values = checkParameters(parameters)
    try {
      const prepared = prepare(sql)
      if (prepared.columns.length > 0) return { rows: rowsOf(prepared, values) }
      const { changes, lastInsertRowid } = prepared.statement.run(...values)
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
    } catch (error) {
      throw explainSqlite(error, path)
    }
  }
  return { execute, run: (sql) => void execute(sql, NOTHING) }
}

const NOTHING: readonly unknown[] = []

const connectionOver = ({ execute }: SqliteStatements): DatabaseConnection => ({
  executeQuery: async <R>({ sql, parameters }: CompiledQuery) => execute(sql, parameters) as QueryResult<R>,
  streamQuery: () => {
    throw new Error('streaming is not supported: read in pages')
  },
})

/** One connection, lent to one user at a time: node:sqlite is synchronous, so more would only wait on locks. */
const createDriver = (database: DatabaseSync, statements: SqliteStatements): Driver => {
  const connection = connectionOver(statements)
  let tail: Promise<void> = Promise.resolve()
  const releases: (() => void)[] = []
  const { run } = statements
  return {
    init: async () => {},
    acquireConnection: async () => {
      const before = tail
      const { promise, resolve } = Promise.withResolvers<void>()
      tail = promise
      await before
      releases.push(resolve)
      return connection
    },
    releaseConnection: async () => releases.shift()?.(),
    beginTransaction: async () => run('begin immediate'),
    commitTransaction: async () => run('commit'),
    rollbackTransaction: async () => run('rollback'),
    destroy: async () => database.close(),
  }
}

const dialectOf = (createDriver: () => Driver): Dialect => ({
  createAdapter: () => new SqliteAdapter(),
  createDriver,
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
})

/** Kysely over an open node:sqlite database. */
export const sqliteDialect = (database: DatabaseSync, statements: SqliteStatements): Dialect =>
  dialectOf(() => createDriver(database, statements))

/**
 * The same database for who has the connection of the other one at present: nothing is lent a second time, and
 * statements written by hand run at once.
 */
export const heldDatabase = (statements: SqliteStatements): Database => {
  const connection = connectionOver(statements)
  const refuse = async () => {
    throw new Error('the transaction belongs to who holds the connection')
  }
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: async () => {},
  }
  return Object.assign(new Kysely<Tables>({ dialect: dialectOf(() => driver) }), { atOnce: statements.execute })
}

/** At the start, and in a command, another process's lock is waited for so long, ms: the thread stands still meanwhile. */
const PATIENCE_MS = 5000
/** No longer than this in a server that runs, where waiting is done without stopping the thread. */
const HURRY_MS = 5

/** From now on nothing stops the thread for longer than a moment because another process has the database. */
export const hurry = (database: DatabaseSync): void => database.exec(`pragma busy_timeout = ${HURRY_MS}`)

/**
 * Opens `vigia.db` for durable work: write-ahead log, every commit on the disk before it counts; what is overwritten is
 * not left readable beside what took its place. Throws node:sqlite's
 * error when the file cannot be opened or is no database; `storage-error.ts` gives it words.
 */
export const openSqlite = (path: string): DatabaseSync => {
  keepPrivate(path)
  const database = new DatabaseSync(path, { timeout: PATIENCE_MS, enableForeignKeyConstraints: true })
  try {
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -16000; pragma temp_store = memory; pragma secure_delete = fast',
    )
    const { quick_check: verdict } = database.prepare('pragma quick_check(1)').get() as { quick_check: string }
    if (verdict !== 'ok') throw Object.assign(new Error(verdict), { errcode: 11 })
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** A second connection that only reads, for a thread of its own: the writer never waits for it. */
export const openSqliteReader = (path: string): DatabaseSync =>
  new DatabaseSync(path, { readOnly: true, timeout: PATIENCE_MS })
