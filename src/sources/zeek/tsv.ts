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
  return { layout, slots, lastColumn, toTheEnd: lastColumn === plain.length - 1 }
}

/** Columns of one line as offsets into its bytes. */
const createReader = (header: Header) => {
  let bytes: Buffer = Buffer.alloc(0)
  const starts = new Int32Array(32)
  const ends = new Int32Array(32)
  const cached = createTextCache()

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
    if (isText(slot, header.empty)) return ''
    return plainText(cached(bytes, starts[slot]!, ends[slot]!))
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
    unique: (slot) => (unset(slot) ? undefined : bytes.toString('latin1', starts[slot], ends[slot])),
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

  /** Finds the columns of a line; false when it ends too early. */
  const point = (line: Buffer, start: number, end: number, { slots, lastColumn, toTheEnd }: Plan): boolean => {
    bytes = line
    ends.fill(0)
    starts.fill(0)
    const { separator } = header
    const first = separator[0]!
    const width = separator.length
    let column = 0
    let from = start
    for (let index = start; index <= end; index++) {
      const atEnd = index === end
      if (!atEnd && (line[index] !== first || (width > 1 && line.compare(separator, 0, width, index, index + width))))
        continue
      const slot = slots[column]!
      if (slot >= 0) {
        starts[slot] = from
        ends[slot] = index
      }
      if (column === lastColumn) {
        if (atEnd && !toTheEnd) return false
        if (toTheEnd && slot >= 0) ends[slot] = withoutLabels(line, from, index)
        return true
      }
      column++
      from = index + width
      if (width > 1) index += width - 1
    }
    return false
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
