import { runtimeError, tooLarge } from '../syntax/template-error.ts'
import { faultOf } from '../syntax/template-faults.ts'
import { characters, sliceText } from '../values/characters.ts'
import { fixed, numberOf, toNumber } from '../values/number.ts'
import { asciiOf, bounded, escapeText, reprOf, toText } from '../values/text.ts'
import { Dict, isText, Markup, Range, Tuple, typeName, Undefined, type Value } from '../values/value.ts'
import { general, padText, scientific } from './number-format.ts'

// Python's `%` between a text and values: "%5.1f", "%-10s", "%03d", "%(name)s".

const DIRECTIVE = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S])?/g
const WIDEST = 10_000

const needs = (type: string, wanted: 'a_number' | 'a_whole_number' | 'a_character', value: Value) =>
  runtimeError('directive_needs', { directive: `%${type}`, wanted: faultOf(wanted), type: typeName(value) })

const integerOf = (value: Value, type: string): bigint => {
  const number = numberOf(value)
  if (!number) throw needs(type, 'a_number', value)
  if ('int' in number) return BigInt(number.int)
  if (!Number.isFinite(number.float) || !'diu'.includes(type)) throw needs(type, 'a_whole_number', value)
  return BigInt(Math.trunc(number.float))
}

const floatOf = (value: Value, type: string): number => {
  const number = toNumber(value)
  if (number === undefined) throw needs(type, 'a_number', value)
  return number
}

interface Directive {
  readonly flags: string
  readonly width: number
  readonly precision: number | undefined
  readonly type: string
}

const RADIX: Readonly<Record<string, readonly [base: number, prefix: string]>> = {
  x: [16, '0x'],
  X: [16, '0X'],
  o: [8, '0o'],
}

/** The digits of a number without its sign, and the sign. */
const digitsOf = (
  value: Value,
  { flags, precision, type }: Directive,
): readonly [negative: boolean, digits: string] => {
  if ('diuxXo'.includes(type)) {
    const number = integerOf(value, type)
    const [base, prefix] = RADIX[type] ?? [10, '']
    const digits = (number < 0n ? -number : number).toString(base).padStart(precision ?? 0, '0')
    return [number < 0n, (flags.includes('#') ? prefix : '') + (type === 'X' ? digits.toUpperCase() : digits)]
  }
  const number = floatOf(value, type)
  const size = Math.abs(number)
  const kind = type.toLowerCase()
  const digits =
    kind === 'f'
      ? fixed(size, precision ?? 6)
      : kind === 'e'
        ? scientific(size, precision ?? 6)
        : general(size, precision ?? 6, flags.includes('#'))
  return [number < 0 || Object.is(number, -0), type === kind ? digits : digits.toUpperCase()]
}

const character = (value: Value): string => {
  if (isText(value) && characters(toText(value)).length === 1) return toText(value)
  const code = numberOf(value)
  if (!code || !('int' in code) || !(code.int >= 0 && code.int < 0x110000)) throw needs('c', 'a_character', value)
  return String.fromCodePoint(Number(code.int))
}

const write = (directive: Directive, value: Value, html: boolean): string => {
  const { flags, width, precision, type } = directive
  const left = flags.includes('-')
  if ('sra'.includes(type)) {
    const whole = type === 's' ? toText(value) : type === 'a' ? asciiOf(value) : reprOf(value)
    const cut = precision === undefined ? whole : sliceText(whole, 0, precision)
    const safe = !html || value instanceof Markup ? cut : escapeText(cut)
    return padText(safe, width, left ? '<' : '>', ' ')
  }
  if (type === 'c') return padText(character(value), width, left ? '<' : '>', ' ')
  const [negative, digits] = digitsOf(value, directive)
  const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const zeros = flags.includes('0') && !left && /\d/.test(digits)
  if (!zeros) return padText(sign + digits, width, left ? '<' : '>', ' ')
  const [, prefix = '', rest = ''] = /^(0[xXo])?(.*)$/.exec(digits)!
  return sign + prefix + rest.padStart(width - sign.length - prefix.length, '0')
}

const bad = (directive: string) => runtimeError('percent_alone', { directive })

const size = (text: string): number => {
  const number = Number(text)
  if (number > WIDEST) throw tooLarge()
  return number
}

/** `pattern % values`; `html` escapes the values. */
export const formatPercent = (pattern: string, values: Value, html = false): string => {
  const list = values instanceof Tuple ? values.items : [values]
  let used = 0
  let named = false
  const take = (): Value => {
    if (used >= list.length) throw runtimeError('more_places')
    return list[used++]!
  }
  const byName = (name: string): Value => {
    named = true
    if (!(values instanceof Dict)) throw runtimeError('names_needed', { place: `%(${name})` })
    const value = values.get(name)
    if (value === undefined) throw runtimeError('value_not_given', { name })
    return value
  }
  const starred = (): number => {
    const value = take()
    const number = numberOf(value)
    if (!number || !('int' in number)) throw needs('*', 'a_whole_number', value)
    return size(String(number.int))
  }
  const result = pattern.replace(DIRECTIVE, (whole, name, flags: string, wide, exact, type) => {
    if (type === '%') return '%'
    if (type === undefined || !'diuxXoeEfFgGcrsa'.includes(type)) throw bad(whole)
    const width = wide === '*' ? starred() : size(wide ?? '0')
    const precision = exact === undefined ? undefined : exact === '*' ? starred() : size(exact || '0')
    const directive = {
      flags: width < 0 ? `${flags}-` : flags,
      width: Math.abs(width),
      precision: precision === undefined ? undefined : Math.max(0, precision),
      type,
    }
    return write(directive, name === undefined ? take() : byName(name), html)
  })
  // A list or a mapping that is not used up is no mistake, as in Python.
  const lookedUp =
    values instanceof Dict || Array.isArray(values) || values instanceof Range || values instanceof Undefined
  if (used < list.length && !named && !lookedUp) throw runtimeError('fewer_places')
  return bounded(result)
}

/** `text % values` of the language. */
export const percent = (left: string | Markup, right: Value): Value =>
  left instanceof Markup ? new Markup(formatPercent(left.text, right, true)) : formatPercent(left, right)
