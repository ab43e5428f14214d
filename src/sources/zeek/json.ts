import type { ZeekKind, ZeekRecord } from '#core/event/zeek-record.ts'
import { isObject } from '#lib/json.ts'
import { type FieldReader, timeOfNumber, timeOfText } from './field-reader.ts'
import { kindOfFields, type Layout, layouts, type Refusal } from './layouts.ts'
import { kindOfPath } from './log-names.ts'

type Fields = Readonly<Record<string, unknown>>

/** Scopes that Zeek's records nest: written `id.orig_h`, `id_orig_h` or `{"id": {"orig_h": …}}`. */
const SCOPES = ['id', 'certificate'] as const

const scopeOf = (name: string): (typeof SCOPES)[number] | undefined =>
  SCOPES.find((scope) => name.startsWith(`${scope}_`))

/** Zeek lets anything separate a scope: `id:orig_h`. Undefined where it is one of the usual ways. */
const oddSeparator = (fields: Fields): string | undefined => {
  if ('id.orig_h' in fields || 'id_orig_h' in fields || 'id' in fields) return undefined
  for (const name of Object.keys(fields)) {
    const separator = /^id([^A-Za-z0-9_.]{1,8})orig_h$/.exec(name)?.[1]
    if (separator !== undefined) return separator
  }
  return undefined
}

/** The value of a field in whichever way it is written; `odd` separates scopes where Zeek was told so. */
const fieldOf = (fields: Fields, name: string, odd?: string): unknown => {
  const plain = fields[name]
  if (plain !== undefined) return plain
  const scope = scopeOf(name)
  if (scope === undefined) return undefined
  const rest = name.slice(scope.length + 1)
  const dotted = fields[`${scope}.${rest}`]
  if (dotted !== undefined) return dotted
  if (odd !== undefined) return fields[`${scope}${odd}${rest}`]
  const nested = fields[scope]
  return isObject(nested) ? nested[rest] : undefined
}

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value === '-' || value === '' ? undefined : value
  return typeof value === 'number' ? String(value) : undefined
}

const numberOf = (value: unknown): number => {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}

/** The fields of a parsed line. Texts are of their own: none keeps the whole line in memory. */
const createReader = (): { reader: FieldReader; point: (line: Fields, layout: Layout, odd?: string) => void } => {
  let fields: Fields = {}
  let separator: string | undefined
  let spellings: Layout['fields'] = []
  const value = (slot: number): unknown => {
    for (const name of spellings[slot]!) {
      const found = fieldOf(fields, name, separator)
      if (found !== undefined && found !== null) return found
    }
    return undefined
  }
  const reader: FieldReader = {
    text: (slot) => textOf(value(slot)),
    unique: (slot) => textOf(value(slot)),
    number: (slot) => numberOf(value(slot)),
    time: (slot) => {
      const found = value(slot)
      if (typeof found === 'number') return timeOfNumber(found)
      return typeof found === 'string' ? timeOfText(found) : Number.NaN
    },
    flag: (slot) => {
      const found = value(slot)
      return typeof found === 'boolean' ? found : found === 'T' ? true : found === 'F' ? false : undefined
    },
    list: (slot) => {
      const found = value(slot)
      return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : []
    },
  }
  return {
    reader,
    point: (line, layout, odd) => {
      fields = line
      separator = odd
      spellings = layout.fields
    },
  }
}

/** What shippers call the log: Zeek's streaming package `_path`, Corelight's exporters `@stream`. */
const pathOf = (fields: Fields): string | undefined => {
  const path = fields._path ?? fields['@stream']
  return typeof path === 'string' ? path : undefined
}

/** Wraps that a line of Zeek travels in: Docker's `log`, a shipper's `message`. */
const WRAPS = ['log', 'message'] as const

/** A line that stands whole within another: as a text in `log` or `message`, or under its own name, `{"conn": {…}}`. */
const unwrapped = (fields: Fields): { readonly fields: Fields; readonly path?: string } | undefined => {
  for (const wrap of WRAPS) {
    const text = fields[wrap]
    if (typeof text !== 'string' || !/^\s*\{/.test(text)) continue
    const inner = parsed(text)
    if (inner) return { fields: inner }
  }
  const [only, ...more] = Object.keys(fields)
  const inner = only !== undefined && more.length === 0 ? fields[only] : undefined
  return isObject(inner) && kindOfPath(only!) !== undefined ? { fields: inner, path: only! } : undefined
}

/** Names that Elastic's shippers give to fields, and Zeek never does. */
const SHIPPED = ['ecs', 'agent', 'event', 'beat', 'source', 'source.ip', 'log.file.path', 'zeek', 'message', '@version']

const isShipped = (fields: Fields): boolean =>
  SHIPPED.some((name) => fields[name] !== undefined) && fieldOf(fields, 'id_orig_h') === undefined

const parsed = (line: string): Fields | undefined => {
  try {
    const fields: unknown = JSON.parse(line)
    return isObject(fields) ? fields : undefined
  } catch {
    // An array may have each of its objects on a line of its own.
    return /\}\s*[,\]]\s*$/.test(line) ? parsed(line.slice(0, line.lastIndexOf('}') + 1)) : undefined
  }
}

type Kind = ZeekKind | 'other' | undefined

/** Reads lines of JSON. `hint` is what the file is called, for lines that do not tell. */
export const createJson = (hint: Kind) => {
  const { reader, point } = createReader()
  let kind: ZeekKind | undefined

  const kindOf = (fields: Fields, path: string | undefined): Kind => {
    const told = path === undefined ? undefined : kindOfPath(path)
    if (told === 'other' || (told === undefined && hint === 'other')) return 'other'
    const odd = oddSeparator(fields)
    return kindOfFields((field) => fieldOf(fields, field, odd) !== undefined, told) ?? hint
  }

  /** The record of a line, `other` for one of another log of Zeek, or why there is none. */
  const recordOf = (fields: Fields, path: string | undefined): ZeekRecord | 'other' | Refusal => {
    const found = kindOf(fields, path)
    if (!found) return 'unknown log'
    if (found === 'other') return found
    kind = found
    const layout = layouts[found]
    point(fields, layout, oddSeparator(fields))
    return layout.build(reader)
  }

  return {
    kind: () => kind,
    read: (line: string): ZeekRecord | 'other' | Refusal => {
      const fields = parsed(line)
      if (!fields) return 'not JSON'
      const made = recordOf(fields, pathOf(fields))
      if (typeof made !== 'string' || made === 'other') return made
      const inner = unwrapped(fields)
      const again = inner && recordOf(inner.fields, inner.path ?? pathOf(inner.fields))
      if (again !== undefined && (typeof again !== 'string' || again === 'other')) return again
      return isShipped(fields) ? 'written by a shipper' : made
    },
  }
}
