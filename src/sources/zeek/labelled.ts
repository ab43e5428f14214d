import { type FlowLabel, flowLabelOf } from '#core/event/flow-label.ts'
import type { ConnRecord } from '#core/event/zeek-record.ts'
import { isObject } from '#lib/json.ts'
import { createLineSplitter } from '../line-splitter.ts'
import { openStored } from '../stored-file.ts'
import { createZeekParser } from './parser.ts'

/** One connection of a stored log, with what its line says that it was. */
interface LabelledConn {
  readonly conn: ConnRecord
  /** Its line in the file, from 1. */
  readonly line: number
  readonly label: FlowLabel | undefined
  /** The word for the kind of attack, where the line has one. */
  readonly detail: string | undefined
}

export interface LabelledFile {
  /** Connections as they stand in the file, a chunk at a time: memory does not grow with the file. */
  readonly batches: AsyncGenerator<readonly LabelledConn[]>
  /** Labels that nobody knows, by spelling, a hundred at most. */
  readonly odd: ReadonlyMap<string, number>
  /** Lines that hold something and gave no connection. */
  left(): number
}

const MOST_ODD = 100
/** Data sets put their labels behind three spaces in the last column, or into columns of their own. */
const GAP = / {3,}/
const LABEL = ['label', 'labels', 'class']
const DETAIL = ['detailed-label', 'detailedlabel', 'detailed_label']

/** A first line that names columns as programs for tables do, without `#fields`. */
const BARE_HEADER = /^(?:"?ts"?)([^A-Za-z0-9_."])/

interface Columns {
  readonly separator: string
  readonly label: number
  readonly detail: number
}

const columnsOf = (names: readonly string[], separator: string): Columns => {
  const all = names.flatMap((name) => name.split(GAP))
  return {
    separator,
    label: all.findIndex((name) => LABEL.includes(name.trim().toLowerCase())),
    detail: all.findIndex((name) => DETAIL.includes(name.trim().toLowerCase())),
  }
}

const ofJson = (text: string, names: readonly string[]): string => {
  try {
    const fields: unknown = JSON.parse(text)
    if (!isObject(fields)) return ''
    const found = names.map((name) => fields[name]).find((value) => value !== undefined && value !== null)
    return found === undefined ? '' : String(found)
  } catch {
    return ''
  }
}

/** Reads the connections of a log with the labels that its lines carry, packed or not, TSV, JSON or a table of a program. */
export const readLabelled = (path: string): LabelledFile => {
  const parser = createZeekParser(path)
  const odd = new Map<string, number>()
  let columns: Columns | undefined
  let line = 0

  const labelIn = (text: string): { label: FlowLabel | undefined; detail: string | undefined } => {
    let word = ''
    let detail = ''
    if (text.startsWith('{')) {
      word = ofJson(text, LABEL)
      detail = ofJson(text, DETAIL)
    } else if (columns && columns.label >= 0) {
      const values = text.split(columns.separator)
      const all = [...values.slice(0, -1), ...(values.at(-1) ?? '').split(GAP)]
      word = all[columns.label] ?? ''
      detail = all[columns.detail] ?? ''
    }
    const found = word === '' ? undefined : flowLabelOf(word)
    if (found === 'odd' && (odd.has(word) || odd.size < MOST_ODD)) odd.set(word, (odd.get(word) ?? 0) + 1)
    const detailed = detail === '' || detail === '-' || detail === '(empty)' ? undefined : detail.trim()
    return { label: found === 'odd' ? undefined : found, detail: detailed }
  }

  const readHeader = (text: string) => {
    if (text.startsWith('#fields')) {
      const separator = text['#fields'.length] ?? '\t'
      columns = columnsOf(text.slice('#fields'.length + 1).split(separator), separator)
      return
    }
    const [, separator] = BARE_HEADER.exec(text) ?? []
    if (separator === undefined) return
    const names = text.replaceAll('"', '').split(separator)
    columns = columnsOf(names, separator)
    parser.adopt([`#separator ${separator}`, `#fields${separator}${names.join(separator)}`])
  }

  async function* batches() {
    const file = openStored(path)
    let batch: LabelledConn[] = []
    const splitter = createLineSplitter(
      (bytes, start, end) => {
        line++
        const isHeader = bytes[start] === 0x23 || (columns === undefined && bytes[start] !== 0x7b)
        if (isHeader) readHeader(bytes.toString('latin1', start, end).replace(/\r$/, ''))
        if (isHeader && bytes[start] !== 0x23 && columns) return
        const record = parser.read(bytes, start, end)
        if (record?.kind !== 'conn') return
        batch.push({ conn: record, line, ...labelIn(bytes.toString('latin1', start, end).replace(/\r$/, '')) })
      },
      () => {
        line++
        parser.refuse('too long')
      },
    )
    for await (const chunk of file.chunks) {
      splitter.push(chunk)
      if (batch.length > 0) yield batch
      batch = []
    }
    splitter.end()
    if (batch.length > 0) yield batch
  }

  return { batches: batches(), odd, left: () => parser.counts().bad }
}
