import { CompiledQuery, type QueryResult } from 'kysely'
import type { Database } from './database.ts'
import type { Engine } from './migrate.ts'

/** Rows of one insert at most: beyond this a statement gets no cheaper per row. */
const ROWS_AT_ONCE = 100

const numbered = new Map<string, string>()

/** `?` as PostgreSQL writes it: `$1`, `$2`, … Statements of the hot path hold no `?` in a text. */
const withNumbers = (text: string): string => {
  let known = numbered.get(text)
  if (known === undefined) {
    let parameter = 0
    known = text.replace(/\?/g, () => `$${++parameter}`)
    numbered.set(text, known)
  }
  return known
}

/**
 * What the query builder wants to know of a statement that it did not build. Its own way to run one freezes the
 * parameters and looks at the result for plugins, which costs as much as a small statement.
 */
const { query: RAW, queryId: QUERY_ID } = CompiledQuery.raw('')

const inserts = new Map<string, string>()

const insertText = (table: string, columns: readonly string[], rows: number, engine: Engine): string => {
  const key = `${engine} ${table} ${rows}`
  let known = inserts.get(key)
  if (known === undefined) {
    const row = `(${columns.map(() => '?').join(', ')})`
    known = `insert into ${table} (${columns.join(', ')}) values ${Array(rows).fill(row).join(', ')}`
    if (engine === 'postgres') known += ' returning id'
    inserts.set(key, known)
  }
  return known
}

/**
 * New ids of the rows of one statement, in order. SQLite numbers them one after the other, for nobody else writes
 * meanwhile, and says the last; returning each costs as much as inserting it.
 */
const idsOf = ({ rows, insertId }: QueryResult<{ id: number }>, count: number): number[] => {
  if (insertId === undefined) return rows.map(({ id }) => Number(id))
  const first = Number(insertId) - count + 1
  return Array.from({ length: count }, (_, index) => first + index)
}

/** The rows of one insert: few different numbers of them, for each is a statement of its own that is kept. */
const partSize = (left: number): number => (left >= ROWS_AT_ONCE ? ROWS_AT_ONCE : 2 ** Math.floor(Math.log2(left)))

/**
 * The statements of the hot path, written by hand with `?` for both engines: building one anew with the query builder
 * costs more than running it.
 */
export const createStatements = (db: Database, engine: Engine) => {
  const { atOnce } = db
  const execute = <Row>(text: string, parameters: readonly unknown[]): Promise<QueryResult<Row>> => {
    const sql = engine === 'postgres' ? withNumbers(text) : text
    const query = { sql, parameters, query: RAW, queryId: QUERY_ID }
    return db.getExecutor().provideConnection((lent) => lent.executeQuery<Row>(query))
  }
  const rows = async <Row>(text: string, parameters: readonly unknown[]): Promise<Row[]> =>
    (atOnce ? atOnce(text, parameters) : await execute<Row>(text, parameters)).rows as Row[]
  return {
    rows,

    first: async <Row>(text: string, parameters: readonly unknown[]): Promise<Row | undefined> =>
      atOnce ? (atOnce(text, parameters).rows[0] as Row | undefined) : (await rows<Row>(text, parameters))[0],

    /** How many rows a statement changed. */
    changed: async (text: string, parameters: readonly unknown[]): Promise<number> => {
      const { numAffectedRows } = atOnce ? atOnce(text, parameters) : await execute(text, parameters)
      return Number(numAffectedRows ?? 0)
    },

    /** Inserts items in few statements, each as the values of `columns`, and returns their new ids, in order. */
    insert: async <Item>(
      table: string,
      columns: readonly string[],
      items: readonly Item[],
      valuesOf: (item: Item) => readonly unknown[],
    ): Promise<number[]> => {
      const ids: number[] = []
      for (let done = 0; done < items.length; ) {
        const count = partSize(items.length - done)
        const parameters: unknown[] = []
        for (let index = done; index < done + count; index++) parameters.push(...valuesOf(items[index]!))
        const text = insertText(table, columns, count, engine)
        const inserted = atOnce ? atOnce(text, parameters) : await execute(text, parameters)
        ids.push(...idsOf(inserted as QueryResult<{ id: number }>, count))
        done += count
      }
      return ids
    },
  }
}

export type Statements = ReturnType<typeof createStatements>
