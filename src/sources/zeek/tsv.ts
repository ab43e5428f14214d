import { latin1 } from '#lib/text/latin1.ts'
import { type FieldReader, timeOfNumber, timeOfText } from './field-reader.ts'
import { kindOfFields, type Layout, layouts, plainName, type Refusal } from './layouts.ts'
import { kindOfPath } from './log-names.ts'
import { createTextCache } from './text-cache.ts'

const ZERO = 48
const DOT = 46
const SPACE = 32
const TAB = 9
/** Whole digits that a number holds exactly. */
const MOST_DIGITS = 15
/** Labelled data sets put their labels behind three spaces in the last column. */
const LABEL_GAP = '   '

/** A header as far as it is known; each line of it changes one thing. */
interface Header {
  separator: Buffer
  setSeparator: string
  empty: Buffer
  unset: Buffer
}

/** Undoes Zeek's escapes: `\\` for itself, and `\xNN` for each byte that could be taken for a separator or is no ASCII. */
const plainText = (text: string): string =>
  text.includes('\\')
    ? text.replaceAll(/(?:\\x[0-9a-fA-F]{2})+|\\\\/g, (escaped) =>
        escaped === '\\\\' ? '\\' : Buffer.from(escaped.replaceAll('\\x', ''), 'hex').toString('utf8'),
      )
    : text

/**
 * The separator as `#separator` names it: `\x09`, and as other programs write it, `\t`, in quotes, the character itself.
 * Empty where there is none.
 */
const separatorOf = (rest: string): string => {
  const written = rest.slice(1)
  const bare = written.trim()
  if (bare === '') return written.slice(0, 1)
  const text = /^"(.*)"$|^'(.*)'$/.exec(bare)
  return plainText((text?.[1] ?? text?.[2] ?? bare).replaceAll(/(?<!\\)\\t/g, '\t'))
}

/** Where `#fields` is cut by something else than what was announced, that is the separator. */
const FIELDS = /^#fields([^A-Za-z0-9_])/

/** Where the columns of a layout stand in the lines under one `#fields`. */
interface Plan {
  readonly layout: Layout
  /** Slot by column, -1 for a column that nobody reads. */
  readonly slots: Int16Array
  readonly lastColumn: number
  /** The last column that is read is also the last of the line. */
  readonly toTheEnd: boolean
  /** Slots that the log has no column for. */
  readonly missing: readonly number[]
}

const planOf = (names: readonly string[], path: string): Plan | undefined => {
  const plain = names.map((name) => plainName(name.split(LABEL_GAP)[0]!))
  const told = kindOfPath(path)
  const kind = told === 'other' ? undefined : kindOfFields((field) => plain.includes(field), told)
  if (!kind) return undefined
  const layout = layouts[kind]
  const slots = new Int16Array(plain.length).fill(-1)
  for (const [slot, spellings] of layout.fields.entries()) {
    const spelling = spellings.find((name) => plain.includes(name))
    if (spelling !== undefined) slots[plain.indexOf(spelling)] = slot
  }
  const lastColumn = slots.findLastIndex((slot) => slot >= 0)
  const missing = layout.fields.flatMap((_, slot) => (slots.includes(slot) ? [] : [slot]))
  return { layout, slots, lastColumn, toTheEnd: lastColumn === plain.length - 1, missing }
}

/** Columns of one line as offsets into its bytes. */
const createReader = (header: Header) => {
  let bytes: Buffer = Buffer.alloc(0)
  const starts = new Int32Array(32)
  const ends = new Int32Array(32)
  const cached = createTextCache(plainText)

  const isText = (slot: number, text: Buffer): boolean => {
    const start = starts[slot]!
    const length = ends[slot]! - start
    if (length !== text.length) return false
    for (let index = 0; index < length; index++) if (bytes[start + index] !== text[index]) return false
    return true
  }

  const unset = (slot: number): boolean => {
    const length = ends[slot]! - starts[slot]!
    return length <= 0 || (length === header.unset.length && isText(slot, header.unset))
  }

  const text = (slot: number): string | undefined => {
    if (unset(slot)) return undefined
    const length = ends[slot]! - starts[slot]!
    if (length === header.empty.length && isText(slot, header.empty)) return ''
    return cached(bytes, starts[slot]!, ends[slot]!)
  }

  /** A decimal number; anything unusual is left to `Number`. */
  const number = (slot: number): number => {
    const end = ends[slot]!
    let index = starts[slot]!
    if (end <= index) return Number.NaN
    if (end - index > MOST_DIGITS + 2) return Number(text(slot) ?? Number.NaN)
    let whole = 0
    for (; index < end; index++) {
      const digit = bytes[index]! - ZERO
      if (digit < 0 || digit > 9) break
      whole = whole * 10 + digit
    }
    if (index === end) return whole
    if (bytes[index] !== DOT || index === starts[slot]!) return unset(slot) ? Number.NaN : Number(text(slot))
    let scale = 1
    for (index++; index < end; index++) {
      const digit = bytes[index]! - ZERO
      if (digit < 0 || digit > 9) return Number(text(slot))
      whole = whole * 10 + digit
      scale *= 10
    }
    return whole / scale
  }

  const reader: FieldReader = {
    text,
    unique: (slot) => (unset(slot) ? undefined : latin1(bytes, starts[slot]!, ends[slot]!)),
    number,
    time: (slot) => {
      const value = number(slot)
      return Number.isNaN(value) ? timeOfText(text(slot) ?? '') : timeOfNumber(value)
    },
    flag: (slot) => {
      if (ends[slot]! - starts[slot]! !== 1) return undefined
      const letter = bytes[starts[slot]!]
      return letter === 84 ? true : letter === 70 ? false : undefined
    },
    list: (slot) => {
      const found = text(slot)
      return found === undefined || found === '' ? [] : found.split(header.setSeparator)
    },
  }

  /** Notes where a column stands; says whether it was the last that is read, and `undefined` where the line ends too early. */
  const pointWide = (line: Buffer, start: number, end: number, { slots, lastColumn, toTheEnd }: Plan): boolean => {
    const { separator } = header
    const width = separator.length
    let from = start
    for (let column = 0; column <= lastColumn; column++) {
      const found = line.subarray(0, end).indexOf(separator, from)
      const at = found < 0 ? end : found
      if (slots[column]! >= 0) {
        starts[slots[column]!] = from
        ends[slots[column]!] = at
      }
      if (column === lastColumn) return closed(line, from, at, end, slots[column]!, toTheEnd)
      if (found < 0) return false
      from = at + width
    }
    return false
  }

  /** The last column that is read: where it is that of the line as well, labels may stand behind it. */
  const closed = (line: Buffer, from: number, at: number, end: number, slot: number, toTheEnd: boolean): boolean => {
    if (at === end && !toTheEnd) return false
    if (toTheEnd) ends[slot] = withoutLabels(line, from, at)
    return true
  }

  /** Finds the columns of a line; false when it ends too early. */
  const point = (line: Buffer, start: number, end: number, plan: Plan): boolean => {
    bytes = line
    const { slots, lastColumn, toTheEnd, missing } = plan
    for (let index = 0; index < missing.length; index++) ends[missing[index]!] = starts[missing[index]!] = 0
    if (header.separator.length !== 1) return pointWide(line, start, end, plan)
    const separator = header.separator[0]!
    let column = 0
    let from = start
    for (let index = start; index < end; index++) {
      if (line[index] !== separator) continue
      const slot = slots[column]!
      if (slot >= 0) {
        starts[slot] = from
        ends[slot] = index
      }
      if (column === lastColumn) return closed(line, from, index, end, slot, toTheEnd)
      column++
      from = index + 1
    }
    if (column !== lastColumn) return false
    const slot = slots[column]!
    starts[slot] = from
    ends[slot] = end
    return closed(line, from, end, end, slot, toTheEnd)
  }
  return { reader, point }
}

/** The end of the last column without the labels that may stand behind three spaces. */
const withoutLabels = (line: Buffer, from: number, end: number): number => {
  for (let index = from; index + 2 < end; index++)
    if (line[index] === SPACE && line[index + 1] === SPACE && line[index + 2] === SPACE) return index
  return end
}

/**
 * Reads lines of Zeek's own format: `#` lines set the separator and the columns, at the beginning and again after each
 * rotation, and may change them.
 */
export const createTsv = () => {
  const header: Header = {
    separator: Buffer.from([TAB]),
    setSeparator: ',',
    empty: Buffer.from('(empty)'),
    unset: Buffer.from('-'),
  }
  const { reader, point } = createReader(header)
  let plan: Plan | undefined
  let headerSeen = false
  let path = ''
  let other = false

  /** A `#` line: what it says is behind its name and a separator; only `#separator` always has a space there. */
  const readHeader = (line: string): void => {
    if (line.startsWith('#separator')) {
      const text = separatorOf(line.slice('#separator'.length))
      if (text !== '') header.separator = Buffer.from(text, 'latin1')
      path = ''
      return
    }
    const [, shown] = FIELDS.exec(line) ?? []
    if (shown !== undefined && !line.startsWith(header.separator.toString('latin1'), '#fields'.length))
      header.separator = Buffer.from(shown, 'latin1')
    const separator = header.separator.toString('latin1')
    const at = line.indexOf(separator)
    const name = at < 0 ? line : line.slice(0, at)
    const value = at < 0 ? '' : line.slice(at + separator.length)
    if (name === '#set_separator') header.setSeparator = plainText(value) || ','
    else if (name === '#empty_field') header.empty = Buffer.from(plainText(value), 'latin1')
    else if (name === '#unset_field') header.unset = Buffer.from(plainText(value), 'latin1')
    else if (name === '#path') path = value
    else if (name === '#fields') {
      headerSeen = true
      plan = planOf(value.split(separator), path)
      other = plan === undefined && kindOfPath(path) === 'other'
    }
  }

  return {
    readHeader,
    /** The log that the header tells of; undefined before one, or when it is none that we read. */
    kind: () => plan?.layout.kind,
    read: (line: Buffer, start: number, end: number) => {
      if (other) return 'other' as const
      if (!plan) return headerSeen ? ('unknown log' satisfies Refusal) : ('no header before it' satisfies Refusal)
      return point(line, start, end, plan) ? plan.layout.build(reader) : ('too few columns' satisfies Refusal)
    },
  }
}
