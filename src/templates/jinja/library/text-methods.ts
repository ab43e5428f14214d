import { runtimeError, tooLarge } from '../syntax/template-error.ts'
import { characters, lengthOf, sliceText, splitLines } from '../values/characters.ts'
import { toList } from '../values/iterate.ts'
import { bounded, LONGEST_TEXT } from '../values/text.ts'
import { isText, plain, Tuple, typeName, type Value } from '../values/value.ts'
import { flag, text, wholeNumber, width } from './arguments.ts'
import type { Argument, Native } from './native.ts'
import { padText } from './number-format.ts'

// The methods that a text has in Python. Of HTML, what wraps them in `access.ts` keeps the results HTML.

const SPACE = /\s/
const strip = (value: string, chars: Argument, sides: 'both' | 'left' | 'right'): string => {
  const given = chars === undefined || chars === null ? undefined : text(chars)
  const goes = (sign: string) =>
    given === undefined ? SPACE.test(sign) || /[\x1c-\x1f\x85]/.test(sign) : given.includes(sign)
  const all = [...value]
  let start = 0
  let end = all.length
  if (sides !== 'right') while (start < end && goes(all[start]!)) start++
  if (sides !== 'left') while (end > start && goes(all[end - 1]!)) end--
  return all.slice(start, end).join('')
}
/** Python's `strip`: without blanks, or the given characters, at both ends. */
export const stripText = (value: string, chars: Argument): string => strip(value, chars, 'both')

const limitOf = (value: Argument): number => {
  const limit = wholeNumber(value ?? -1, -1)
  return limit < 0 ? Number.POSITIVE_INFINITY : limit
}

const separatorOf = (value: Argument): string | undefined => {
  if (value === undefined || value === null) return undefined
  const separator = text(value)
  if (separator === '') throw runtimeError('separator_empty')
  return separator
}

const splitLeft = (value: string, separator: string | undefined, limit: number): string[] => {
  if (separator !== undefined) {
    const parts = value.split(separator)
    return parts.length - 1 <= limit ? parts : [...parts.slice(0, limit), parts.slice(limit).join(separator)]
  }
  const parts: string[] = []
  let rest = value.trimStart()
  while (rest !== '' && parts.length < limit) {
    const [word] = /^\S+/.exec(rest)!
    parts.push(word)
    rest = rest.slice(word.length).trimStart()
  }
  return rest === '' ? parts : [...parts, rest]
}

const splitRight = (value: string, separator: string | undefined, limit: number): string[] => {
  if (separator !== undefined) {
    const parts = value.split(separator)
    const kept = parts.length - 1 - limit
    return kept <= 0 ? parts : [parts.slice(0, kept + 1).join(separator), ...parts.slice(kept + 1)]
  }
  const words = [...value.matchAll(/\S+/g)]
  const parts = words.splice(Math.max(0, words.length - limit)).map(([word]) => word)
  const before = words.at(-1)
  return before === undefined ? parts : [value.slice(0, before.index + before[0].length), ...parts]
}

const partition = (value: string, separator: string, at: number): Value =>
  new Tuple([value.slice(0, at), separator, value.slice(at + separator.length)])

/** The part of a text in which is searched, by characters as Python counts. */
const within = (value: string, start: Argument, end: Argument): readonly [part: string, offset: number] => {
  if (start === undefined && end === undefined) return [value, 0]
  const length = lengthOf(value)
  const place = (given: Argument, byDefault: number) => {
    const at = given === null ? byDefault : wholeNumber(given, byDefault)
    return Math.min(length, at < 0 ? Math.max(0, length + at) : at)
  }
  const from = place(start, 0)
  return [sliceText(value, from, Math.max(from, place(end, length))), from]
}

const find = (value: string, [sub, start, end]: readonly Argument[], last = false): number => {
  const [part, offset] = within(value, start, end)
  const at = last ? part.lastIndexOf(text(sub)) : part.indexOf(text(sub))
  return at < 0 ? -1 : offset + lengthOf(part.slice(0, at))
}
const index = (value: string, args: readonly Argument[], last = false): number => {
  const at = find(value, args, last)
  if (at < 0) throw runtimeError('text_not_found')
  return at
}

const affix = (
  value: string,
  [wanted, start, end]: readonly Argument[],
  holds: (part: string, affix: string) => boolean,
): boolean => {
  const [part] = within(value, start, end)
  return wanted instanceof Tuple ? wanted.items.some((one) => holds(part, text(one))) : holds(part, text(wanted))
}

const count = (value: string, [sub, start, end]: readonly Argument[]): number => {
  const [part] = within(value, start, end)
  const wanted = text(sub)
  return wanted === '' ? lengthOf(part) + 1 : part.split(wanted).length - 1
}

/** Replaces at most so many; a result beyond what a text may be is not made. */
export const replaceText = (value: string, from: string, to: string, limit = Number.POSITIVE_INFINITY): string => {
  const parts = from === '' ? ['', ...characters(value), ''] : value.split(from)
  const times = Math.min(limit, parts.length - 1)
  if (value.length + times * (to.length - from.length) > LONGEST_TEXT) throw tooLarge()
  if (times === parts.length - 1) return parts.join(to)
  return [...parts.slice(0, times), parts.slice(times).join(from)].join(to)
}

/** Letters of two signs, of which only the first becomes a capital. */
const TITLE: Readonly<Record<string, string>> = { Ǆ: 'ǅ', Ǉ: 'ǈ', Ǌ: 'ǋ', Ǳ: 'ǲ' }

export const capitalize = (value: string): string => {
  const [first = '', ...rest] = value
  const upper = first.toUpperCase()
  const title = upper.length > first.length ? upper[0] + upper.slice(1).toLowerCase() : (TITLE[upper] ?? upper)
  return title + rest.join('').toLowerCase()
}

const titleCase = (value: string): string => value.replace(/\p{L}[\p{L}\p{M}]*/gu, (word) => capitalize(word))

const swapCase = (value: string): string =>
  Array.from(value, (sign) => (sign === sign.toUpperCase() ? sign.toLowerCase() : sign.toUpperCase())).join('')

const every = (pattern: RegExp) => ({ params: '/', run: (value: string) => value !== '' && pattern.test(value) })
const LETTER = /\p{Lu}|\p{Ll}|\p{Lt}/u
export const isUpper = (value: string): boolean => LETTER.test(value) && !/\p{Ll}|\p{Lt}/u.test(value)
export const isLower = (value: string): boolean => LETTER.test(value) && !/\p{Lu}|\p{Lt}/u.test(value)

const fillOf = (value: Argument): string => {
  const fill = text(value, ' ')
  if (lengthOf(fill) !== 1) throw runtimeError('fill_of_several')
  return fill
}

/** A text in the middle of so many characters. */
export const centreText = (value: string, [wide, fill]: readonly Argument[]): string => {
  // Python gives the odd blank to the left when the width is odd.
  const size = width(wide, 0)
  const missing = size - lengthOf(value)
  if (missing <= 0) return value
  const left = Math.floor(missing / 2) + (missing & size & 1)
  return fillOf(fill).repeat(left) + padText(value, size - left, '<', fillOf(fill))
}

const zeroFill = (value: string, wide: Argument): string => {
  const [, sign = '', rest = ''] = /^([-+]?)([\s\S]*)$/.exec(value)!
  return sign + padText(rest, width(wide, 0) - sign.length, '>', '0')
}

const expandTabs = (value: string, size: number): string => {
  let column = 0
  return bounded(
    value.replace(/\t|[\n\r]|[^\t\n\r]+/g, (part) => {
      if (part === '\n' || part === '\r') column = 0
      else if (part !== '\t') column += lengthOf(part)
      else {
        const blanks = size > 0 ? size - (column % size) : 0
        column += blanks
        return ' '.repeat(blanks)
      }
      return part
    }),
  )
}

const joined = (value: string, items: Argument): string =>
  bounded(
    toList(items!)
      .map((item, at) => {
        if (isText(item)) return plain(item)
        throw runtimeError('joined_no_text', { position: at, type: typeName(item) })
      })
      .join(value),
  )

export const textMethods: Readonly<Record<string, Native<string>>> = {
  capitalize: { params: '/', run: capitalize },
  casefold: { params: '/', run: (value) => value.toLowerCase().replaceAll('ß', 'ss') },
  center: { params: '/width fill?', run: centreText },
  count: { params: '/sub start? end?', run: count },
  endswith: {
    params: '/suffix start? end?',
    run: (value, args) => affix(value, args, (part, end) => part.endsWith(end)),
  },
  expandtabs: { params: 'tabsize?', run: (value, [size]) => expandTabs(value, width(size, 8)) },
  find: { params: '/sub start? end?', run: (value, args) => find(value, args) },
  index: { params: '/sub start? end?', run: (value, args) => index(value, args) },
  isalnum: every(/^[\p{L}\p{N}]+$/u),
  isalpha: every(/^\p{L}+$/u),
  isascii: { params: '/', run: (value) => /^[\x00-\x7f]*$/.test(value) },
  isdecimal: every(/^\p{Nd}+$/u),
  isdigit: every(/^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u),
  isidentifier: every(/^[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}\p{Pc}]*$/u),
  islower: { params: '/', run: isLower },
  isnumeric: every(/^\p{N}+$/u),
  isprintable: { params: '/', run: (value) => !/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(value) },
  isspace: every(/^[\s\x1c-\x1f\x85]+$/),
  istitle: { params: '/', run: (value) => LETTER.test(value) && titleCase(value) === value },
  isupper: { params: '/', run: isUpper },
  join: { params: '/items', run: (value, [items]) => joined(value, items) },
  ljust: { params: '/width fill?', run: (value, [wide, fill]) => padText(value, width(wide, 0), '<', fillOf(fill)) },
  lower: { params: '/', run: (value) => value.toLowerCase() },
  lstrip: { params: '/chars?', run: (value, [chars]) => strip(value, chars, 'left') },
  partition: {
    params: '/sep',
    run: (value, [sep]) => {
      const at = value.indexOf(separatorOf(sep)!)
      return at < 0 ? new Tuple([value, '', '']) : partition(value, text(sep), at)
    },
  },
  removeprefix: {
    params: '/prefix',
    run: (value, [one]) => (value.startsWith(text(one)) ? value.slice(text(one).length) : value),
  },
  removesuffix: {
    params: '/suffix',
    run: (value, [one]) => (text(one) !== '' && value.endsWith(text(one)) ? value.slice(0, -text(one).length) : value),
  },
  replace: {
    params: '/old new count?',
    run: (value, [from, to, limit]) => replaceText(value, text(from), text(to), limitOf(limit)),
  },
  rfind: { params: '/sub start? end?', run: (value, args) => find(value, args, true) },
  rindex: { params: '/sub start? end?', run: (value, args) => index(value, args, true) },
  rjust: { params: '/width fill?', run: (value, [wide, fill]) => padText(value, width(wide, 0), '>', fillOf(fill)) },
  rpartition: {
    params: '/sep',
    run: (value, [sep]) => {
      const at = value.lastIndexOf(separatorOf(sep)!)
      return at < 0 ? new Tuple(['', '', value]) : partition(value, text(sep), at)
    },
  },
  rsplit: {
    params: 'sep? maxsplit?',
    run: (value, [sep, limit]) => splitRight(value, separatorOf(sep), limitOf(limit)),
  },
  rstrip: { params: '/chars?', run: (value, [chars]) => strip(value, chars, 'right') },
  split: { params: 'sep? maxsplit?', run: (value, [sep, limit]) => splitLeft(value, separatorOf(sep), limitOf(limit)) },
  splitlines: { params: 'keepends?', run: (value, [keep]) => splitLines(value, flag(keep)) },
  startswith: {
    params: '/prefix start? end?',
    run: (value, args) => affix(value, args, (part, start) => part.startsWith(start)),
  },
  strip: { params: '/chars?', run: (value, [chars]) => strip(value, chars, 'both') },
  swapcase: { params: '/', run: swapCase },
  title: { params: '/', run: titleCase },
  upper: { params: '/', run: (value) => value.toUpperCase() },
  zfill: { params: '/width', run: (value, [wide]) => zeroFill(value, wide) },
}
