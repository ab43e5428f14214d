import { runtimeError, tooLarge } from '../syntax/template-error.ts'
import { sliceText } from '../values/characters.ts'
import { fixed, floatText, numberOf, toNumber } from '../values/number.ts'
import { asciiOf, bounded, escapeText, reprOf, toText } from '../values/text.ts'
import { type Given, isText, Markup, typeName, type Value } from '../values/value.ts'
import { general, padText, scientific } from './number-format.ts'

// Python's `"{:.1f} {name}".format(…)`.

const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([_,])?(?:\.(\d+))?([a-zA-Z%])?$/u
const WIDEST = 10_000
const TYPES = 'bcdeEfFgGnosxX%'

const noFormat = (spec: string) => runtimeError('spec_unknown', { spec })

const invalid = (spec: string, value: Value) => runtimeError('spec_of_another_type', { spec, type: typeName(value) })

/** Digits in groups of so many, counted from the end. */
const group = (digits: string, sign: string, size = 3): string => {
  const first = digits.length % size || size
  const groups = [digits.slice(0, first)]
  for (let at = first; at < digits.length; at += size) groups.push(digits.slice(at, at + size))
  return groups.join(sign)
}

interface Spec {
  readonly fill: string | undefined
  readonly align: string | undefined
  readonly sign: string | undefined
  readonly alternate: boolean
  readonly zero: boolean
  readonly width: number
  readonly grouping: string | undefined
  readonly precision: number | undefined
  readonly type: string | undefined
}

const readSpec = (spec: string): Spec => {
  const match = SPEC.exec(spec)
  if (!match) throw noFormat(spec)
  const [, fill, align, sign, , alternate, zero, width = '0', grouping, precision, type] = match
  if (type !== undefined && !TYPES.includes(type)) throw noFormat(spec)
  if (Number(width) > WIDEST || Number(precision ?? 0) > WIDEST) throw tooLarge()
  return {
    fill,
    align,
    sign,
    alternate: alternate !== undefined,
    zero: zero !== undefined,
    width: Number(width),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  }
}

const RADIX: Readonly<Record<string, readonly [base: number, prefix: string]>> = {
  x: [16, '0x'],
  X: [16, '0X'],
  o: [8, '0o'],
  b: [2, '0b'],
}
/** Digits between two signs: thousands are three. */
const groupSize = (type: string | undefined): number => (type !== undefined && Object.hasOwn(RADIX, type) ? 4 : 3)

const wholeDigits = (
  value: bigint,
  { type = 'd', alternate, grouping }: Spec,
): readonly [prefix: string, digits: string] => {
  const [base, prefix] = RADIX[type] ?? [10, '']
  const digits = (value < 0n ? -value : value).toString(base)
  const grouped = grouping === undefined ? digits : group(digits, grouping, groupSize(type))
  return [alternate ? prefix : '', type === 'X' ? grouped.toUpperCase() : grouped]
}

const floatDigits = (value: number, spec: Spec, isWhole: boolean): string => {
  const { type, precision, alternate, grouping } = spec
  const size = Math.abs(value)
  const kind = type?.toLowerCase()
  let digits: string
  if (kind === 'f' || kind === '%') digits = fixed(kind === '%' ? size * 100 : size, precision ?? 6)
  else if (kind === 'e') digits = scientific(size, precision ?? 6)
  else if (kind === 'g' || kind === 'n' || isWhole) digits = general(size, precision ?? 6, alternate)
  else if (precision === undefined) digits = floatText(size)
  else digits = pointed(size, Math.max(1, precision))
  if (grouping !== undefined) digits = digits.replace(/^\d+/, (whole) => group(whole, grouping))
  if (kind === '%') digits += '%'
  return type !== undefined && type !== kind ? digits.toUpperCase() : digits
}

/** A float with so many digits and no type: it has a point or an exponent. */
const pointed = (size: number, precision: number): string => {
  const [mantissa = '', exponent = ''] = scientific(size, precision - 1).split('e')
  const power = Number(exponent)
  if (!Number.isFinite(size)) return floatText(size)
  if (power < -4 || power + 1 > precision - 1)
    return `${mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa}e${exponent}`
  const plain = general(size, precision)
  return plain.includes('.') ? plain : `${plain}.0`
}

const formatNumber = (value: Value, spec: Spec, source: string): string => {
  const { type, zero } = spec
  const number = numberOf(value)!
  const whole = 'int' in number && (type === undefined || 'dxXobcn'.includes(type))
  if (type !== undefined && !('int' in number ? 'dxXobcneEfFgG%' : 'eEfFgGn%').includes(type))
    throw invalid(source, value)
  if (whole && spec.precision !== undefined) throw invalid(source, value)
  if (type === 'c') return padText(String.fromCodePoint(Number(toNumber(value))), spec.width, '<', spec.fill ?? ' ')
  const [prefix, digits] = whole
    ? wholeDigits(BigInt((number as { int: number | bigint }).int), spec)
    : ['', floatDigits(toNumber(value)!, spec, 'int' in number)]
  const negative = toNumber(value)! < 0 || Object.is(toNumber(value), -0)
  const sign = (negative ? '-' : spec.sign === '+' ? '+' : spec.sign === ' ' ? ' ' : '') + prefix
  const align = spec.align ?? (zero ? '=' : '>')
  const fill = spec.fill ?? (zero ? '0' : ' ')
  if (align !== '=') return padText(sign + digits, spec.width, align as '<', fill)
  if (spec.grouping !== undefined && fill === '0')
    return sign + padGrouped(digits, spec.width - sign.length, spec.grouping, groupSize(type))
  return sign + padText(digits, spec.width - sign.length, '>', fill)
}

/** Zeros before a number whose digits are in groups are in groups too. */
const padGrouped = (digits: string, width: number, sign: string, size: number): string => {
  const [whole] = (size === 3 ? /^[\d_,]*/ : /^\w*/).exec(digits)!
  const tail = digits.slice(whole.length)
  const plain = whole.replaceAll(sign, '')
  let count = plain.length
  while (count + Math.floor((count - 1) / size) + tail.length < width) count++
  return group(plain.padStart(count, '0'), sign, size) + tail
}

/** Python's `format(value, spec)`. */
const formatValue = (value: Value, source: string): string => {
  if (source === '') return toText(value)
  const spec = readSpec(source)
  if (typeof value === 'boolean' && spec.type === undefined) return formatPlain(toText(value), spec, source, value)
  if (numberOf(value)) return formatNumber(value, spec, source)
  if (!isText(value)) throw invalid(source, value)
  return formatPlain(toText(value), spec, source, value)
}

const formatPlain = (text: string, spec: Spec, source: string, value: Value): string => {
  const { type, sign, grouping, alternate, align, zero } = spec
  if (typeof value === 'boolean') return formatNumber(value ? 1 : 0, spec, source)
  if (
    (type !== undefined && type !== 's') ||
    sign !== undefined ||
    grouping !== undefined ||
    alternate ||
    align === '='
  )
    throw invalid(source, value)
  const cut = spec.precision === undefined ? text : sliceText(text, 0, spec.precision)
  return padText(cut, spec.width, (align ?? '<') as '<', spec.fill ?? (zero ? '0' : ' '))
}

export type LookUp = (value: Value, key: string, isAttribute: boolean) => Value

const FIELD = /^([^.[\]!:]*)((?:\.[^.[\]]+|\[[^\]]+\])*)$/

/** `pattern.format(…)`; `html` escapes the values. */
export const formatBraces = (pattern: string, { args, named }: Given, lookUp: LookUp, html = false): string => {
  let automatic = 0
  const fieldValue = (field: string): Value => {
    const match = FIELD.exec(field)
    if (!match) throw runtimeError('place_unknown', { place: `{${field}}` })
    const [, first = '', path = ''] = match
    const key = first === '' ? String(automatic++) : first
    const base = /^\d+$/.test(key) ? args[Number(key)] : named.get(key)
    if (base === undefined) throw runtimeError('value_not_given', { name: key })
    return [...path.matchAll(/\.([^.[\]]+)|\[([^\]]+)\]/g)].reduce<Value>(
      (value, [, attribute, item]) => lookUp(value, attribute ?? item!, attribute !== undefined),
      base,
    )
  }
  const fill = (text: string, depth: number): string => {
    let out = ''
    for (let at = 0; at < text.length; ) {
      const sign = text[at]!
      if ((sign === '{' || sign === '}') && text[at + 1] === sign) {
        out += sign
        at += 2
      } else if (sign === '}') throw runtimeError('brace_opens_nowhere')
      else if (sign !== '{') {
        out += sign
        at++
      } else {
        const end = closing(text, at)
        out += place(text.slice(at + 1, end), depth)
        at = end + 1
      }
    }
    return bounded(out)
  }
  const place = (inner: string, depth: number): string => {
    if (depth > 1) throw runtimeError('places_too_deep')
    const [, field = '', conversion, spec = ''] = /^((?:\[[^\]]*\]|[^!:[])*)(?:!([^:]*))?(?::([\s\S]*))?$/.exec(
      inner,
    ) ?? [undefined, inner]
    const value = fieldValue(field)
    const wanted = fill(spec, depth + 1)
    if (conversion !== undefined && !['r', 's', 'a'].includes(conversion))
      throw runtimeError('conversion_unknown', { conversion })
    const converted =
      conversion === undefined
        ? value
        : conversion === 's'
          ? toText(value)
          : conversion === 'a'
            ? asciiOf(value)
            : reprOf(value)
    const text = formatValue(converted, wanted)
    return !html || value instanceof Markup ? text : escapeText(text)
  }
  return fill(pattern, 0)
}

const closing = (text: string, from: number): number => {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') depth++
    else if (text[at] === '}' && --depth === 0) return at
  }
  throw runtimeError('brace_not_closed')
}
