import { because, type Cause } from '#core/cause/cause.ts'

/** A row of a table: its values by the names of the first line, and the line where it begins, from 1. */
interface CsvRow {
  readonly line: number
  readonly values: Readonly<Record<string, string>>
}

export type CsvTable =
  | { readonly ok: true; readonly columns: readonly string[]; readonly rows: readonly CsvRow[] }
  | { readonly ok: false; readonly line: number; readonly why: Cause }

const MOST_ROWS = 200_000
const SEPARATORS = [',', ';', '\t'] as const

/** What spreadsheets write: UTF-16 by its mark, UTF-8 where the bytes are that, else Latin-1. */
export const decodeTable = (bytes: Uint8Array): string => {
  const mark = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
  if (mark === 0xfffe) return new TextDecoder('utf-16le').decode(bytes)
  if (mark === 0xfeff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** The separator that the first line has most of. */
const separatorOf = (firstLine: string): string =>
  SEPARATORS.map((separator) => ({ separator, count: firstLine.split(separator).length })).reduce((best, one) =>
    one.count > best.count ? one : best,
  ).separator

/** The cells of a row, and the line where it begins, from 1. */
export interface Cells {
  readonly line: number
  readonly cells: string[]
}

/**
 * Lines as cells (RFC 4180): a quoted cell may hold separators, quotes as `""`, and line ends. A line that begins with `#` is
 * a remark; in a list, which has one column, what follows ` #` is one too.
 */
const readCells = (
  text: string,
  separator: string,
  isList: boolean,
): Cells[] | { readonly line: number; readonly why: Cause } => {
  const rows: Cells[] = []
  let cells: string[] = []
  let cell = ''
  let quotedFrom = 0
  let inQuotes = false
  let line = 1
  let began = 1
  const endCell = () => {
    cells.push(cell.trim())
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (cells.some((one) => one !== '')) rows.push({ line: began, cells })
    cells = []
    began = line
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (char === '\n') line++
    if (inQuotes) {
      if (char !== '"') cell += char
      else if (text[at + 1] === '"') cell += text[++at]
      else inQuotes = false
    } else if (char === '#' && (isList ? /^$|\s$/.test(cell) : cells.length === 0 && cell.trim() === '')) {
      const end = text.indexOf('\n', at)
      at = (end < 0 ? text.length : end) - 1
    } else if (char === '"' && cell.trim() === '') {
      inQuotes = true
      quotedFrom = line
      cell = ''
    } else if (char === separator) endCell()
    else if (char === '\n') endRow()
    else cell += char
  }
  if (inQuotes) return { line: quotedFrom, why: because('table_quote_open') }
  endRow()
  return rows
}

/** Reads the rows of a table that names no columns. */
export const readRows = (
  text: string,
): { readonly ok: true; readonly rows: readonly Cells[] } | Extract<CsvTable, { readonly ok: false }> => {
  const content = text.replace(/^\uFEFF/, '')
  const firstLine = /^(?!\s*(?:#|$)).*$/m.exec(content)?.[0] ?? ''
  const isList = !SEPARATORS.some((separator) => firstLine.includes(separator))
  const rows = readCells(content, separatorOf(firstLine), isList)
  return Array.isArray(rows) ? { ok: true, rows } : { ok: false, ...rows }
}

/** Reads a table whose first line names its columns; separated by commas, semicolons or tabs. */
export const readCsv = (text: string): CsvTable => {
  const content = text.replace(/^\uFEFF/, '')
  const firstLine = /^(?!\s*(?:#|$)).*$/m.exec(content)?.[0] ?? ''
  const isList = !SEPARATORS.some((separator) => firstLine.includes(separator))
  const read = readCells(content, separatorOf(firstLine), isList)
  if (!Array.isArray(read)) return { ok: false, ...read }
  const [header, ...body] = read
  if (!header) return { ok: false, line: 1, why: because('table_empty') }
  const columns = header.cells
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) < index)
  if (twice !== undefined)
    return { ok: false, line: header.line, why: because('table_column_twice', { column: twice }) }
  if (body.length > MOST_ROWS)
    return { ok: false, line: header.line, why: because('table_too_many_rows', { rows: body.length, most: MOST_ROWS }) }
  const long = body.find(({ cells }) => cells.length > columns.length)
  if (long)
    return {
      ok: false,
      line: long.line,
      why: because('table_row_too_long', { cells: long.cells.length, columns: columns.length }),
    }
  const rows = body.map(({ line, cells }) => ({
    line,
    values: Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? ''])),
  }))
  return { ok: true, columns, rows }
}
