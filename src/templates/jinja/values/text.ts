import { runtimeError, tooDeep, tooLarge } from '../syntax/template-error.ts'
import { floatText } from './number.ts'
import {
  Callable,
  Dict,
  type DictView,
  Float,
  Live,
  Markup,
  Namespace,
  Range,
  Stream,
  Tuple,
  Undefined,
  type Value,
} from './value.ts'

/** Characters of one text. */
export const LONGEST_TEXT = 1_000_000
const DEEPEST = 200

/** The text, if it is not too long for a template. */
export const bounded = (text: string): string => {
  if (text.length > LONGEST_TEXT) throw tooLarge()
  return text
}

const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const UNPRINTABLE = /[\\\x00-\x1f\x7f-\xa0\xad]|[\p{Zl}\p{Zp}\p{Cf}\p{Cs}\p{Co}\p{Cn}]|(?! )\p{Zs}/gu

/** A text as Python shows it within a list: with quotation marks and escapes. */
const quoteText = (text: string): string => {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replace(UNPRINTABLE, (sign) => {
    const code = sign.codePointAt(0)!
    if (ESCAPED[sign]) return ESCAPED[sign]
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
  })
  return mark + (mark === "'" ? body.replaceAll("'", "\\'") : body) + mark
}

/** What Python prints with an address in memory: nobody wants it in a message. */
const unprintable = ({ name }: Callable | Live) => runtimeError('not_called', { name })

interface Showing {
  readonly open: Set<object>
  size: number
}

const join = (parts: Iterable<string>, showing: Showing): string => {
  const all: string[] = []
  for (const part of parts) {
    showing.size += part.length
    if (showing.size > 4 * LONGEST_TEXT) throw tooLarge()
    all.push(part)
  }
  return all.join(', ')
}

/** Python's `repr`; a container that holds itself shows as three dots there. */
const show = (value: Value, showing: Showing): string => {
  if (typeof value === 'string') return quoteText(value)
  if (value instanceof Markup) return `Markup(${quoteText(value.text)})`
  if (value instanceof Undefined) return 'Undefined'
  if (value === null || typeof value !== 'object' || value instanceof Float) return toText(value)
  if (value instanceof Range) {
    const stop = value.start + value.length * value.step
    return value.step === 1 ? `range(${value.start}, ${stop})` : `range(${value.start}, ${stop}, ${value.step})`
  }
  if (value instanceof Callable && value.shown !== undefined) return value.shown
  if (value instanceof Live && value.shown) return value.shown()
  if (value instanceof Callable || value instanceof Live) throw unprintable(value)
  // Python prints an address for a series that is made as it is read; its items say more.
  if (value instanceof Stream) return show([...value], showing)
  if (showing.open.has(value)) return Array.isArray(value) ? '[...]' : '{...}'
  if (showing.open.size > DEEPEST) throw tooDeep()
  showing.open.add(value)
  const text = showContainer(value, showing)
  showing.open.delete(value)
  return text
}

const showContainer = (value: Value[] | Tuple | Dict | DictView | Namespace, showing: Showing): string => {
  const pairs = (entries: Iterable<readonly [Value, Value]>) =>
    join(
      [...entries].map(([key, one]) => `${show(key, showing)}: ${show(one, showing)}`),
      showing,
    )
  const list = (items: Iterable<Value>) =>
    join(
      Array.from(items, (item) => show(item, showing)),
      showing,
    )
  if (Array.isArray(value)) return `[${list(value)}]`
  if (value instanceof Tuple) return value.items.length === 1 ? `(${list(value.items)},)` : `(${list(value.items)})`
  if (value instanceof Dict) return `{${pairs(value.entries())}}`
  if (value instanceof Namespace) return `<Namespace {${pairs(value.attributes.entries())}}>`
  const { kind, dict } = value
  const items = kind === 'items' ? Array.from(dict.entries(), (pair) => new Tuple(pair)) : [...dict[kind]()]
  return `dict_${kind}([${list(items)}])`
}

/** As `reprOf`, with nothing beyond ASCII. */
export const asciiOf = (value: Value): string =>
  reprOf(value).replace(/[^\x00-\x7f]/gu, (sign) => {
    const code = sign.codePointAt(0)!
    if (code < 0x100) return `\\x${code.toString(16)}`
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
  })

/** A value within a list or a mapping. */
export const reprOf = (value: Value): string => bounded(show(value, { open: new Set(), size: 0 }))

/** A value as it is printed. */
export const toText = (value: Value): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : floatText(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (value === null) return 'None'
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Markup) return value.text
  if (value instanceof Float) return floatText(value.value)
  if (value instanceof Undefined) return ''
  return reprOf(value)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
}
export const escapeText = (text: string): string => text.replace(/[&<>'"]/g, (sign) => ENTITIES[sign]!)

/** A value as HTML; HTML itself stays as it is. */
export const toHtml = (value: Value): Markup =>
  value instanceof Markup ? value : new Markup(bounded(escapeText(toText(value))))
