import type { ZeekKind } from '#core/event/zeek-record.ts'
import { isObject } from '#lib/json.ts'
import { type FieldReader, timeOfNumber, timeOfText } from './field-reader.ts'
import { kindOfFields, kindOfName, type Layout, layouts, type Refusal } from './layouts.ts'

type Fields = Readonly<Record<string, unknown>>

/** Scopes that Zeek's records nest: written `id.orig_h`, `id_orig_h` or `{"id": {"orig_h": …}}`. */
const SCOPES = ['id', 'certificate'] as const

const scopeOf = (name: string): (typeof SCOPES)[number] | undefined =>
  SCOPES.find((scope) => name.startsWith(`${scope}_`))

/** The value of a field in whichever way it is written. */
const fieldOf = (fields: Fields, name: string): unknown => {
  const plain = fields[name]
  if (plain !== undefined) return plain
  const scope = scopeOf(name)
  if (scope === undefined) return undefined
  const rest = name.slice(scope.length + 1)
  const dotted = fields[`${scope}.${rest}`]
  if (dotted !== undefined) return dotted
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
const createReader = (): { reader: FieldReader; point: (line: Fields, layout: Layout) => void } => {
  let fields: Fields = {}
  let spellings: Layout['fields'] = []
  const value = (slot: number): unknown => {
    for (const name of spellings[slot]!) {
      const found = fieldOf(fields, name)
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
    point: (line, layout) => {
      fields = line
      spellings = layout.fields
    },
  }
}

/** What shippers call the log: Zeek's streaming package `_path`, Corelight's exporters `@stream`. */
const named = (fields: Fields): ZeekKind | undefined => {
  const path = fields._path ?? fields['@stream']
  return typeof path === 'string' ? kindOfName(path) : undefined
}

/** Reads lines of JSON. `hint` is what the file is called, for lines that do not tell. */
export const createJson = (hint: ZeekKind | undefined) => {
  const { reader, point } = createReader()
  let kind: ZeekKind | undefined
  return {
    kind: () => kind,
    read: (line: string) => {
      let fields: unknown
      try {
        fields = JSON.parse(line)
      } catch {
        return 'not JSON' satisfies Refusal
      }
      if (!isObject(fields)) return 'not JSON' satisfies Refusal
      const found = kindOfFields((field) => fieldOf(fields, field) !== undefined) ?? named(fields) ?? hint
      if (!found) return 'unknown log' satisfies Refusal
      kind = found
      const layout = layouts[found]
      point(fields, layout)
      return layout.build(reader)
    },
  }
}
