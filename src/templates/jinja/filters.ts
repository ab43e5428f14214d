import { randomUUID } from 'node:crypto'
import { peopleDuration } from '../format.ts'
import type { Part } from './parts.ts'

/**
 * A filter must not throw: an exception that crosses WebAssembly breaks it, and costs the thread. Undefined and null
 * arrive as undefined, maps as `Map`, named arguments as a last `Map`.
 */
type Filter = (value: unknown, ...rest: unknown[]) => string
export type Filters = Readonly<Record<string, Filter>>

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value))

/** Reads `%5.1f`, `%-10s`, `%03d`, `%x`, `%%`. Widths have two digits at most, so that no format makes a giant. */
const DIRECTIVE = /%([-0]?)(\d{0,2})(?:\.(\d{1,2}))?([sdfx%])/g

/** Python's `%` formatting, which the library lacks. */
const format: Filter = (pattern, ...values) => {
  let used = 0
  return textOf(pattern).replace(DIRECTIVE, (_, flag: string, width: string, precision: string | undefined, type) => {
    if (type === '%') return '%'
    const value = values[used++]
    const text = {
      s: () => textOf(value).slice(0, precision === undefined ? undefined : Number(precision)),
      d: () => String(Math.trunc(Number(value))),
      f: () => Number(value).toFixed(Number(precision ?? 6)),
      x: () => Math.trunc(Number(value)).toString(16),
    }[type as 's' | 'd' | 'f' | 'x']()
    return flag === '-' ? text.padEnd(Number(width)) : text.padStart(Number(width), flag || ' ')
  })
}

/**
 * Jinja's `truncate(length, killwords, end)`, which the library takes by name only; `length` is kept to the character,
 * for it is some device's limit.
 */
const truncate: Filter = (value, ...rest) => {
  const named = rest.at(-1) instanceof Map ? (rest.pop() as Map<string, unknown>) : new Map<string, unknown>()
  const length = Number(rest[0] ?? named.get('length') ?? 255)
  const wholeWords = !(rest[1] ?? named.get('killwords'))
  const end = textOf(rest[2] ?? named.get('end') ?? '…')
  const text = textOf(value)
  if (!(text.length > length)) return text
  // A cut through a surrogate pair would leave half a character.
  const cut = text.slice(0, Math.max(0, length - end.length)).replace(/[\ud800-\udbff]$/, '')
  const space = wholeWords ? cut.lastIndexOf(' ') : -1
  return (space > 0 ? cut.slice(0, space) : cut) + end
}

const duration: Filter = (value) => {
  const ms = Number(textOf(value) || Number.NaN)
  return Number.isFinite(ms) ? peopleDuration(ms) : textOf(value)
}

const zoned = (timeZone: unknown): Intl.DateTimeFormat => {
  // Sweden writes dates as ISO 8601 does.
  const style = { dateStyle: 'short', timeStyle: 'short' } as const
  try {
    return new Intl.DateTimeFormat('sv-SE', { ...style, timeZone: String(timeZone ?? 'UTC') })
  } catch {
    return new Intl.DateTimeFormat('sv-SE', { ...style, timeZone: 'UTC' })
  }
}

const urlencode: Filter = (value) => encodeURIComponent(textOf(value).toWellFormed())

/** What a mail client may open; `javascript:` is none of it. */
const isLink = (text: string): boolean => /^(https?|mailto|tel):/i.test(text) && URL.canParse(text)

/**
 * The filters that Vigía adds for one rendering, and `finish`, which the rendered text goes through at the end. A
 * filter's text is escaped in HTML, so `link` sets marks around URL and label, and `finish` turns them into an anchor.
 */
export const createFilters = (part: Part, timeZone: unknown) => {
  // Nobody can foresee the marks: text from outside cannot write a tag with them.
  const [open, middle, close] = ['open', 'middle', 'close'].map((name) => `\ue000${name} ${randomUUID()}\ue000`)
  let times: Intl.DateTimeFormat | undefined

  const localtime: Filter = (value) => {
    const at = typeof value === 'number' ? value : Date.parse(textOf(value))
    // What is no time, or beyond the calendar, stays as it is.
    if (!(Math.abs(at) <= 8.64e15)) return textOf(value)
    times ??= zoned(timeZone)
    return times.format(at)
  }
  const link: Filter = (value, label) => {
    const url = textOf(value)
    const words = label instanceof Map ? url : textOf(label) || url
    if (part === 'html') return isLink(url) ? `${open}${url}${middle}${words}${close}` : words
    return words === url ? url : `${words}: ${url}`
  }

  const filters: Filters = { duration, localtime, link, format, truncate, urlencode }
  const finish = (text: string): string =>
    part === 'html'
      ? text
          .replaceAll(open!, '<a href="')
          .replaceAll(middle!, '">')
          .replaceAll(close!, '</a>')
          // The library escapes slashes too, which no place in HTML asks for.
          .replaceAll('&#x2f;', '/')
      : text
  return { filters, finish }
}
