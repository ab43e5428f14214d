import { runtimeError, type TemplateError, tooLarge } from '../syntax/template-error.ts'
import { Float, type Int, typeName, Undefined, type Value } from './value.ts'

// Python's numbers: integers of any size and floats, and what comes out of both.

/** Digits of an integer that a template may make, about 3,000. */
const LARGEST = 2n ** 10_000n

/** A number as a float of Python: one without a fraction is marked as such. */
export const makeFloat = (value: number): number | Float => (Number.isInteger(value) ? new Float(value) : value)

/** An integer, as a number where that holds it exactly. Throws a TemplateError where it is larger than a template may make. */
export const makeInt = (value: bigint): Int => {
  if (value > LARGEST || value < -LARGEST) throw tooLarge()
  return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value
}

/** A number as an integer or a float; undefined for what is no number. Booleans are 0 and 1. */
export const numberOf = (value: Value): { readonly int: Int } | { readonly float: number } | undefined => {
  if (typeof value === 'number') return Number.isInteger(value) ? { int: value } : { float: value }
  if (value instanceof Float) return { float: value.value }
  if (typeof value === 'bigint') return { int: value }
  return typeof value === 'boolean' ? { int: Number(value) } : undefined
}

export const isInt = (value: Value): value is Int =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))
export const isFloat = (value: Value): boolean =>
  value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))
export const isNumber = (value: Value): boolean => numberOf(value) !== undefined

/** A number as JavaScript calculates with it; undefined for what is no number. */
export const toNumber = (value: Value): number | undefined => {
  const number = numberOf(value)
  if (!number) return undefined
  return Number('int' in number ? number.int : number.float)
}

const byZero = () => runtimeError('divided_by_zero')

/** That an operator does not work between two values: one of them is missing, or of another type. */
export const unsupported = (operator: string, left: Value, right: Value): TemplateError => {
  const missing = [left, right].find((one) => one instanceof Undefined)
  if (missing) return runtimeError('operand_missing', { name: missing.name, operator })
  return runtimeError('operands_differ', { operator, left: typeName(left), right: typeName(right) })
}

const floorDivide = (a: bigint, b: bigint): bigint => {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

type Operation = { readonly ints: (a: bigint, b: bigint) => Value; readonly floats: (a: number, b: number) => number }

/** The rest has the sign of the divisor, also where it is 0. */
const modulo = (a: number, b: number): number => {
  const rest = a % b
  if (rest === 0) return b < 0 ? -0 : 0
  return rest < 0 !== b < 0 ? rest + b : rest
}

const floorDivideFloats = (a: number, b: number): number => {
  const quotient = (a - modulo(a, b)) / b
  if (quotient === 0) return a < 0 !== b < 0 ? -0 : 0
  return Math.round(quotient)
}

const power = (a: bigint, b: bigint): Value => {
  if (b < 0n) {
    if (a === 0n) throw byZero()
    return makeFloat(Number(a) ** Number(b))
  }
  const magnitude = a < 0n ? -a : a
  if (magnitude > 1n && BigInt(magnitude.toString(2).length) * b > 10_100n) throw tooLarge()
  return makeInt(a ** b)
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  '+': { ints: (a, b) => makeInt(a + b), floats: (a, b) => a + b },
  '-': { ints: (a, b) => makeInt(a - b), floats: (a, b) => a - b },
  '*': { ints: (a, b) => makeInt(a * b), floats: (a, b) => a * b },
  '/': { ints: (a, b) => makeFloat(Number(a) / Number(b)), floats: (a, b) => a / b },
  '//': { ints: (a, b) => makeInt(floorDivide(a, b)), floats: floorDivideFloats },
  '%': { ints: (a, b) => makeInt(a - floorDivide(a, b) * b), floats: modulo },
  '**': { ints: power, floats: (a, b) => a ** b },
}
const DIVIDES: ReadonlySet<string> = new Set(['/', '//', '%'])

/** Sums, differences and products of small integers need no bigint. */
const quick = (operator: string, a: Int, b: Int): number | undefined => {
  if (typeof a === 'bigint' || typeof b === 'bigint') return undefined
  const result = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : Number.NaN
  return Number.isSafeInteger(result) ? result + 0 : undefined
}

/** Calculates with two values; undefined when one of them is no number. */
export const calculate = (operator: string, left: Value, right: Value): Value | undefined => {
  const a = numberOf(left)
  const b = numberOf(right)
  if (!a || !b) return undefined
  const operation = OPERATIONS[operator]!
  if (DIVIDES.has(operator) && toNumber(right) === 0) throw byZero()
  if ('int' in a && 'int' in b) return quick(operator, a.int, b.int) ?? operation.ints(BigInt(a.int), BigInt(b.int))
  const x = Number('int' in a ? a.int : a.float)
  const y = Number('int' in b ? b.int : b.float)
  if (operator === '**' && x === 0 && y < 0) throw byZero()
  const result = operation.floats(x, y)
  if (operator === '**' && Number.isNaN(result) && !Number.isNaN(x) && !Number.isNaN(y))
    throw runtimeError('power_of_negative')
  if (operator === '**' && !Number.isFinite(result) && Number.isFinite(x) && Number.isFinite(y))
    throw runtimeError('number_too_large')
  return makeFloat(result)
}

/** Minus a number; undefined for what is none. */
export const negate = (value: Value): Value | undefined => {
  const number = numberOf(value)
  if (!number) return undefined
  return 'float' in number ? makeFloat(-number.float) : makeInt(-BigInt(number.int))
}

/** A float as Python writes it: the shortest digits that read back as the same number. */
export const floatText = (value: number): string => {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', exponent] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power < -4 || power >= 16) {
    const sign = power < 0 ? '-' : '+'
    return `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, '0')}`
  }
  const text = power < 0 ? value.toFixed(Math.max(0, mantissa.replace(/[-.]/g, '').length - 1 - power)) : String(value)
  return text.includes('.') ? text : `${text}.0`
}

/** Whether the digit after the last one kept is exactly a half. */
const isTie = (value: number, digits: number): boolean => {
  if (digits > 60) return false
  const rest = value.toFixed(100).split('.')[1]!.slice(digits)
  return rest[0] === '5' && /^0*$/.test(rest.slice(1))
}

/** A float with so many digits after the point; a half goes to the even digit, as in Python. */
export const fixed = (value: number, digits: number): string => {
  if (!Number.isFinite(value)) return floatText(value)
  if (Math.abs(value) >= 1e21) {
    const whole = BigInt(value).toString()
    return digits > 0 ? `${whole}.${'0'.repeat(digits)}` : whole
  }
  const text = value.toFixed(digits)
  const signed = Object.is(value, -0) ? `-${text}` : text
  if (!isTie(value, digits) || Number(text.at(-1)) % 2 === 0) return signed
  // Of the two neighbours the one farther from zero was taken; the even one is a unit nearer.
  const units = BigInt(text.replace('.', '')) - (value < 0 ? -1n : 1n)
  const plain = (units < 0n ? -units : units).toString().padStart(digits + 1, '0')
  const point = plain.length - digits
  return `${value < 0 ? '-' : ''}${plain.slice(0, point)}${digits > 0 ? `.${plain.slice(point)}` : ''}`
}

/** Python's `round`: to an integer's tens with negative digits, else to digits after the point. */
export const roundFloat = (value: number, digits: number): number => {
  if (!Number.isFinite(value) || digits > 22) return value
  if (digits >= 0) return Number(fixed(value, digits))
  const unit = 10 ** -digits
  return Number(fixed(value / unit, 0)) * unit
}

/** A text as a float, as Python's `float` reads it; undefined for what is none. */
export const parseFloatText = (text: string): number | undefined => {
  const trimmed = text
    .trim()
    .replace(/(?<=\d)_(?=\d)/g, '')
    .toLowerCase()
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(trimmed)) return Number(trimmed)
  const word = /^([+-]?)(inf|infinity|nan)$/.exec(trimmed)
  if (!word) return undefined
  if (word[2] === 'nan') return Number.NaN
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** A text as an integer, as Python's `int` reads it; undefined for what is none. */
export const parseIntText = (text: string, base = 10): Int | undefined => {
  const match = /^([+-]?)(?:0([xob]))?_?([\da-z]+(?:_[\da-z]+)*)$/i.exec(text.trim())
  if (!match) return undefined
  const [, sign, prefix, digits = ''] = match
  const ofPrefix = { x: 16, o: 8, b: 2 }[prefix?.toLowerCase() as 'x'] ?? undefined
  // "0b1" is a number of base 16 too, and its b is a digit then.
  const prefixed = ofPrefix !== undefined && (base === 0 || base === ofPrefix)
  const all = (prefixed ? digits : `${prefix === undefined ? '' : `0${prefix}`}${digits}`)
    .replaceAll('_', '')
    .toLowerCase()
  const used = base === 0 ? (ofPrefix ?? 10) : base
  if (all.length > 3000) throw tooLarge()
  let value = 0n
  for (const digit of all) {
    const worth = Number.parseInt(digit, 36)
    if (!(worth < used)) return undefined
    value = value * BigInt(used) + BigInt(worth)
  }
  return makeInt(sign === '-' ? -value : value)
}
