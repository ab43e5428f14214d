import { CompiledQuery } from 'kysely'
import type { Database } from './database.ts'
import { chunks } from './database.ts'
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

const insertText = (table: string, columns: readonly string[], rows: number): string => {
  const key = `${table} ${rows}`
  let known = inserts.get(key)
  if (known === undefined) {
    const row = `(${columns.map(() => '?').join(', ')})`
    known = `insert into ${table} (${columns.join(', ')}) values ${Array(rows).fill(row).join(', ')} returning id`
    inserts.set(key, known)
  }
  return known
}

/**
 * The statements of the hot path, written by hand with `?` for both engines: building one anew with the query builder
 * costs more than running it.
 */
export const createStatements = (db: Database, engine: Engine) => {
  const rows = async <Row>(text: string, parameters: readonly unknown[]): Promise<Row[]> => {
    const sql = engine === 'postgres' ? withNumbers(text) : text
    const query = { sql, parameters, query: RAW, queryId: QUERY_ID }
    const { rows: found } = await db.getExecutor().provideConnection((lent) => lent.executeQuery<Row>(query))
    return found
  }
  return {
    rows,

    first: async <Row>(text: string, parameters: readonly unknown[]): Promise<Row | undefined> =>
      (await rows<Row>(text, parameters))[0],

    /** Inserts items in few statements, each as the values of `columns`, and returns their new ids, in order. */
    insert: async <Item>(
      table: string,
      columns: readonly string[],
      items: readonly Item[],
      valuesOf: (item: Item) => readonly unknown[],
    ): Promise<number[]> => {
      const ids: number[] = []
      for (const part of chunks(items, ROWS_AT_ONCE)) {
        const inserted = await rows<{ id: number }>(
          insertText(table, columns, part.length),
          part.flatMap((item) => valuesOf(item)),
        )
        for (const { id } of inserted) ids.push(Number(id))
      }
      return ids
    },
  }
}

export type Statements = ReturnType<typeof createStatements>
