import { peopleDuration } from '#lib/time/people-duration.ts'
import { splitLines } from '../../values/characters.ts'
import { isTrue } from '../../values/iterate.ts'
import { isNumber, toNumber } from '../../values/number.ts'
import { toText } from '../../values/text.ts'
import { Markup, Undefined, type Value } from '../../values/value.ts'
import { callNative, type Native } from '../native.ts'
import { textMethods } from '../text-methods.ts'

// What Jinja2 does not have, and messages of a monitor need.

const duration: Native['run'] = (value) => {
  const text = toTextOrNothing(value)
  const ms = Number(text || Number.NaN)
  return Number.isFinite(ms) ? peopleDuration(ms) : text
}

const toTextOrNothing = (value: Value): string => (value === null || value instanceof Undefined ? '' : toText(value))

const formats = new Map<string, Intl.DateTimeFormat>()
const zoned = (timeZone: unknown): Intl.DateTimeFormat => {
  const zone = String(timeZone ?? 'UTC')
  const known = formats.get(zone)
  if (known) return known
  // Sweden writes dates as ISO 8601 does.
  const style = { dateStyle: 'short', timeStyle: 'short' } as const
  let made: Intl.DateTimeFormat
  try {
    made = new Intl.DateTimeFormat('sv-SE', { ...style, timeZone: zone })
  } catch {
    made = new Intl.DateTimeFormat('sv-SE', { ...style, timeZone: 'UTC' })
  }
  if (formats.size > 20) formats.clear()
  formats.set(zone, made)
  return made
}

const localtime: Native['run'] = (value, _, { timeZone }) => {
  const text = toTextOrNothing(value)
  const at = isNumber(value) ? toNumber(value)! : Date.parse(text)
  // What is no time, or beyond the calendar, stays as it is.
  return Math.abs(at) <= 8.64e15 ? zoned(timeZone).format(at) : text
}

/** What a mail client may open; `javascript:` is none of it. */
const isLink = (text: string): boolean => /^(https?|mailto|tel):/i.test(text) && URL.canParse(text)

const quoteHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const link: Native['run'] = (value, [label], { html }) => {
  const url = toTextOrNothing(value)
  const words = (label === undefined ? '' : toTextOrNothing(label)) || url
  if (!html) return words === url ? url : `${words}: ${url}`
  const shown = label instanceof Markup ? words : quoteHtml(words)
  return new Markup(isLink(url) ? `<a href="${quoteHtml(url)}">${shown}</a>` : shown)
}

export const ownFilters: Readonly<Record<string, Native>> = {
  bool: { params: '', run: isTrue },
  duration: { params: '', run: duration },
  lines: { params: '', run: (value) => splitLines(toText(value)) },
  link: { params: 'label?', run: link },
  localtime: { params: '', run: localtime },
  split: {
    params: 'sep? maxsplit?',
    run: (value, [sep, limit], rendering) => {
      const args = [sep ?? null, ...(limit === undefined ? [] : [limit])]
      return callNative('split', textMethods.split!, toText(value), { args, named: new Map() }, rendering)
    },
  },
}
