import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because } from '#core/cause/cause.ts'
import type { Found, ImportPlan, Left, ReadingContext, SeenTable } from './import-plan.ts'
import { SourceError } from './import-plan.ts'
import { defineImporter } from './importer.ts'
import { createNames } from './names.ts'
import type { Source, SourceFile } from './source.ts'
import { shortened } from './text/lines.ts'
import { type Columns, guessColumns, isTarget, isTitles, MEANINGS, type Meaning } from './text/list-columns.ts'
import { rowsOf } from './text/rows-of.ts'

interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

const isPasted = (text: string): boolean => !/[,;\t]/.test(/^(?!\s*(?:#|$)).*$/m.exec(text)?.[0] ?? '')

/** Rows of text that somebody pasted: on each line an address, and a name before or behind it. */
const pastedRows = (text: string): Row[] =>
  text.split('\n').flatMap((line, index) => {
    const words = line
      .replace(/(?:^|\s)#.*$/, '')
      .split(/[\s|]+/)
      .filter((word) => /[\p{L}\p{N}]/u.test(word))
    const at = words.findIndex(isTarget)
    if (at < 0) return words.length === 0 ? [] : [{ line: index + 1, cells: ['', words.join(' ')] }]
    return [{ line: index + 1, cells: [words[at]!, words.filter((_, other) => other !== at).join(' ')] }]
  })

interface Table {
  readonly titles: readonly string[] | undefined
  readonly titleLine: number
  readonly rows: readonly Row[]
}

const tableOf = (file: SourceFile): Table => {
  const text = file.text()
  if (isPasted(text)) return { titles: undefined, titleLine: 1, rows: pastedRows(text) }
  const rows = rowsOf(file).map(({ line, cells }) => ({ line, cells }))
  const [first, ...rest] = rows
  if (
    !first ||
    !isTitles(
      first.cells,
      rest.map(({ cells }) => cells),
    )
  )
    return { titles: undefined, titleLine: 1, rows }
  return { titles: first.cells, titleLine: first.line, rows: rest }
}

const SHOWN_ROWS = 6
const SHOWN_COLUMNS = 40

const seenTable = ({ titles, rows }: Table, file: SourceFile, columns: Columns): SeenTable => {
  const shown = (cells: readonly string[]) => cells.slice(0, SHOWN_COLUMNS).map((cell) => shortened(cell))
  return {
    file: file.name,
    titles: titles ? shown(titles) : null,
    columns,
    rows: rows.slice(0, SHOWN_ROWS).map(({ cells }) => shown(cells)),
  }
}

const titleAt = ({ titles }: Table, index: number): string => titles?.[index]?.trim() || String(index + 1)

/** The columns that people named, by title or number, over those that are guessed. */
const columnsOf = (table: Table, file: SourceFile, chosen: Readonly<Record<string, string>> = {}): Columns => {
  const guessed = guessColumns(
    table.titles,
    table.rows.map(({ cells }) => cells),
  )
  const named: Partial<Record<Meaning, number>> = {}
  for (const [meaning, title] of Object.entries(chosen)) {
    const known = MEANINGS.find((one) => one === meaning)
    const byTitle = table.titles?.findIndex((one) => one.trim().toLowerCase() === title.trim().toLowerCase()) ?? -1
    const index = byTitle >= 0 ? byTitle : /^\d{1,4}$/.test(title) ? Number(title) - 1 : -1
    if (!known || index < 0) {
      const columns = (table.titles ?? []).join(', ') || '1, 2, …'
      throw new SourceError({ file: file.name, line: table.titleLine }, because('import_columns_unclear', { columns }))
    }
    named[known] = index
  }
  const free = Object.entries(guessed).filter(([, index]) => !Object.values(named).includes(index))
  return { ...Object.fromEntries(free), ...named }
}

const labelOf = (title: string): string | undefined => {
  const label = title
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toLowerCase()
    .slice(0, 100)
  return /^[a-z_]/.test(label) ? label : undefined
}

/** What else a row says, as labels. */
const labelsOf = (table: Table, cells: readonly string[], columns: Columns, given: unknown = {}) => {
  const taken = new Set(Object.values(columns))
  const labels = cells.slice(0, 30).flatMap((cell, index): [string, string][] => {
    const label = table.titles === undefined || taken.has(index) ? undefined : labelOf(titleAt(table, index))
    return label === undefined || cell === '' ? [] : [[label, cell.slice(0, 1000)]]
  })
  const all = { ...(given as Readonly<Record<string, string>>), ...Object.fromEntries(labels) }
  return Object.keys(all).length > 0 ? { labels: all } : {}
}

const targetText = (address: string, port: string): string => {
  const plain = address.trim()
  if (/^[a-z]+:\/\//i.test(plain)) return plain
  const withPort = /^(?:\[[^\]]+\]|[^:]+):\d{1,5}$/.test(plain)
  if (withPort) return `tcp://${plain}`
  return /^\d{1,5}$/.test(port) && port !== '0' ? `tcp://${plain.includes(':') ? `[${plain}]` : plain}:${port}` : plain
}

const read = (_source: Source, file: SourceFile, context: ReadingContext): ImportPlan => {
  const table = tableOf(file)
  const columns = columnsOf(table, file, context.columns)
  if (columns.address === undefined) {
    const titles = table.titles ?? table.rows[0]?.cells.map((_, index) => String(index + 1)) ?? []
    throw new SourceError(
      { file: file.name, line: table.titleLine },
      because('import_columns_unclear', { columns: shortened(titles.join(', ')) }),
      seenTable(table, file, columns),
    )
  }
  const nameOf = createNames()
  const monitors: Found<MonitorEntry>[] = []
  const left: Left[] = []
  for (const { line, cells } of table.rows) {
    const of = (meaning: Meaning) => cells[columns[meaning] ?? -1]?.trim() ?? ''
    const place = { file: file.name, line }
    const address = of('address')
    if (!isTarget(address)) {
      const what = of('name') || address
      left.push({
        what: shortened(what),
        place,
        why: because('import_line_unread', { text: shortened(cells.join(', ')) }),
      })
      continue
    }
    const { name, notes } = nameOf(of('name') || address, address)
    const parent = of('parent')
    monitors.push({
      place,
      notes,
      entry: {
        ...context.each,
        name,
        target: targetText(address, of('port')),
        ...labelsOf(table, cells, columns, context.each?.labels),
        ...(of('description') && { description: of('description').slice(0, 2000) }),
        ...(of('location') && { location: of('location').slice(0, 500) }),
        ...(parent && { parents: [parent.slice(0, 200)] }),
      },
    })
  }
  const remarks = Object.entries(columns).map(([meaning, index]) => ({
    what: meaning,
    place: { file: file.name, line: table.titleLine },
    why: because('import_guessed', { column: titleAt(table, index), meaning }),
  }))
  return { kind: 'list', tool: 'list', monitors, left, remarks, table: seenTable(table, file, columns) }
}

/** Any list of addresses: a table with whatever columns, or pasted text. What it takes for what is shown. */
export const list = defineImporter({
  kind: 'list',
  title: 'list of addresses (CSV, text)',
  last: true,
  recognises: (file) => {
    if (!/(?:^|\/)[^./]*$|\.(?:csv|tsv|txt|lst|list)$/i.test(file.name)) return false
    const lines = file
      .headText()
      .split('\n')
      .slice(0, 200)
      .filter((line) => !/^\s*(?:#|$)/.test(line))
    const holding = lines.filter((line) => line.split(/[\s,;|"']+/).some(isTarget))
    return holding.length > 0 && holding.length >= (lines.length - 1) * 0.6
  },
  read,
})
