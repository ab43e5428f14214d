import { runtimeError, tooLarge } from '../../syntax/template-error.ts'
import { lengthOf, sliceText, splitLines } from '../../values/characters.ts'
import { countOf, isTrue } from '../../values/iterate.ts'
import { bounded, LONGEST_TEXT, toHtml, toText } from '../../values/text.ts'
import { Dict, isText, Markup, plain, Tuple, type Value } from '../../values/value.ts'
import { flag, text, wholeNumber, width } from '../arguments.ts'
import type { Argument, Native, Rendering } from '../native.ts'
import { formatPercent } from '../percent-format.ts'
import { capitalize, centreText, replaceText, stripText } from '../text-methods.ts'
import { wrapLine } from '../word-wrap.ts'

/** What a filter makes of a text; HTML stays HTML. */
const onText =
  (make: (value: string, args: readonly Argument[], rendering: Rendering) => string) =>
  (value: Value, args: readonly Argument[], rendering: Rendering): Value => {
    const made = bounded(make(toText(value), args, rendering))
    return value instanceof Markup ? new Markup(made) : made
  }

/** Each word begins with a capital; words are parted by blanks, hyphens and opening brackets. */
const title = (value: string): string =>
  value
    .split(/([-\s({[<]+)/)
    .map((word) => {
      const first = sliceText(word, 0, 1)
      return first.toUpperCase() + word.slice(first.length).toLowerCase()
    })
    .join('')

const format: Native['run'] = (value, _, __, { args, named }) => {
  if (args.length > 0 && named.size > 0) throw runtimeError('values_and_names')
  const values = named.size > 0 ? Dict.of(named) : new Tuple(args)
  const html = value instanceof Markup
  const made = formatPercent(toText(value), values, html)
  return html ? new Markup(made) : made
}

const replace: Native['run'] = (value, [from, to, limit], { autoescape }) => {
  const most = limit === undefined || limit === null ? Number.POSITIVE_INFINITY : wholeNumber(limit, 0)
  const times = most < 0 ? Number.POSITIVE_INFINITY : most
  if (!autoescape) return replaceText(toText(value), toText(from!), toText(to!), times)
  const html = value instanceof Markup || from instanceof Markup || to instanceof Markup
  if (!html) return replaceText(toText(value), toText(from!), toText(to!), times)
  const escaped = (one: Argument) => toHtml(one!).text
  return new Markup(replaceText(escaped(value), escaped(from), escaped(to), times))
}

const LEEWAY = 5
const truncate: Native['run'] = (value, [length, killWords, end, leeway]) => {
  const most = wholeNumber(length, 255)
  const ending = text(end, '...')
  const loose = leeway === undefined || leeway === null ? LEEWAY : wholeNumber(leeway, LEEWAY)
  if (most < lengthOf(ending) || loose < 0) throw runtimeError('truncated_below_end', { most, end: ending })
  const count = countOf(value)
  if (count !== undefined && count <= most + loose) return value
  const whole = text(value)
  const cut = sliceText(whole, 0, most - lengthOf(ending))
  const space = flag(killWords) ? -1 : cut.lastIndexOf(' ')
  const made = (space < 0 ? cut : cut.slice(0, space)) + (value instanceof Markup ? toHtml(ending).text : ending)
  return value instanceof Markup ? new Markup(made) : made
}

const indent: Native['run'] = (value, [wide, first, blank]) => {
  const by = wide !== undefined && isText(wide) ? plain(wide) : ' '.repeat(Math.max(0, width(wide, 4)))
  const lines = splitLines(`${text(value)}\n`)
  if (lines.length * by.length > LONGEST_TEXT) throw tooLarge()
  const indented = (line: string, index: number) => (index === 0 ? flag(first) : flag(blank) || line !== '')
  const made = lines.map((line, index) => (indented(line, index) ? by + line : line)).join('\n')
  return value instanceof Markup ? new Markup(bounded(made)) : bounded(made)
}

const wordwrap: Native['run'] = (value, [wide, breakLong, ending, onHyphens]) => {
  const most = width(wide, 79)
  if (most <= 0) throw runtimeError('wrapped_to_nothing')
  const end = ending === undefined || ending === null ? '\n' : text(ending)
  const whole = (one: Argument) => one === undefined || isTrue(one)
  const lines = splitLines(text(value)).map((line) =>
    wrapLine(line, most, whole(breakLong), whole(onHyphens)).join(end),
  )
  return bounded(lines.join(end))
}

/** A text within an address; in a query, blanks are `+` and slashes are quoted. */
export const urlQuote = (value: string, inQuery: boolean): string => {
  const hex = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
  const quoted = encodeURIComponent(value.toWellFormed()).replace(/[!'()*]/g, hex)
  return inQuery ? quoted.replaceAll('%20', '+') : quoted.replaceAll('%2F', '/')
}

export const textFilters: Readonly<Record<string, Native>> = {
  capitalize: { params: '', run: onText(capitalize) },
  center: { params: 'width?', run: onText((value, [wide]) => centreText(value, [wide ?? 80])) },
  format: { run: format },
  indent: { params: 'width? first? blank?', run: indent },
  lower: { params: '', run: onText((value) => value.toLowerCase()) },
  replace: { params: 'old new count?', run: replace },
  string: { params: '', run: (value) => (value instanceof Markup ? value : bounded(toText(value))) },
  // What it gives is no HTML any more, as in Jinja2.
  title: { params: '', run: (value) => bounded(title(toText(value))) },
  trim: { params: 'chars?', run: onText((value, [chars]) => stripText(value, chars)) },
  truncate: { params: 'length? killwords? end? leeway?', run: truncate },
  upper: { params: '', run: onText((value) => value.toUpperCase()) },
  wordcount: { params: '', run: (value) => toText(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0 },
  wordwrap: { params: 'width? break_long_words? wrapstring? break_on_hyphens?', run: wordwrap },
}
