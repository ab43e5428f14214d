import { isObject } from '#lib/json.ts'

/**
 * Values of JSON under the rules of Python, because the operators of conditions keep the meaning that they have in the
 * rules people bring along: `80 == 80.0`, `True == 1`, `"80" != 80`, text in the order of its code points.
 */

/** Deeper values have no text; Python gives up on deep nesting as well. */
const DEEPEST_TEXT = 100

const isNumeric = (value: unknown): value is number | boolean => typeof value === 'number' || typeof value === 'boolean'

/** False for nothing, zero, and what is empty. */
export const truthy = (value: unknown): boolean => {
  if (typeof value === 'string') return value !== ''
  if (value === undefined || value === null || value === false || value === 0) return false
  if (Array.isArray(value)) return value.length > 0
  return !isObject(value) || Object.keys(value).length > 0
}

const sameObjects = (left: Record<string, unknown>, right: Record<string, unknown>): boolean => {
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]))
  )
}

/** Equality by value; a number never equals a text, a boolean equals 0 or 1. */
export const sameValue = (left: unknown, right: unknown): boolean => {
  if (isNumeric(left) && isNumeric(right)) return Number(left) === Number(right)
  if (Array.isArray(left))
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((value, index) => sameValue(value, right[index]))
    )
  if (isObject(left)) return isObject(right) && sameObjects(left, right)
  return left === right
}

/** UTF-16 puts what lies beyond U+FFFF before U+E000; this puts it behind. */
const codePointRank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800)

const compareTexts = (left: string, right: string): number => {
  const shared = Math.min(left.length, right.length)
  for (let index = 0; index < shared; index++) {
    const [one, other] = [left.charCodeAt(index), right.charCodeAt(index)]
    if (one !== other) return codePointRank(one) - codePointRank(other)
  }
  return left.length - right.length
}

/**
 * Below, equal or above zero as `left` comes before, with or after `right` (NaN when neither holds); undefined when
 * their types have no order.
 */
export const compareValues = (left: unknown, right: unknown): number | undefined => {
  if (isNumeric(left) && isNumeric(right)) {
    const [one, other] = [Number(left), Number(right)]
    return one === other ? 0 : one < other ? -1 : one > other ? 1 : Number.NaN
  }
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right)
  if (!Array.isArray(left) || !Array.isArray(right)) return undefined
  const shared = Math.min(left.length, right.length)
  for (let index = 0; index < shared; index++)
    if (!sameValue(left[index], right[index])) return compareValues(left[index], right[index])
  return left.length - right.length
}

const numberText = (value: number): string => {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0 || Math.abs(value) >= 1e-4) return String(value)
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1')
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const escaped = (character: string): string => {
  const known = ESCAPES[character]
  if (known !== undefined) return known
  const code = character.codePointAt(0)!.toString(16)
  if (code.length <= 2) return `\\x${code.padStart(2, '0')}`
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`
}

const quoted = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  // What is not printable: control, unassigned and private characters, and every space but the common one.
  const inner = text.replace(/\\|(?! )[\p{C}\p{Z}]/gu, escaped)
  return quote + (quote === "'" ? inner.replaceAll("'", "\\'") : inner) + quote
}

const representation = (value: unknown, depth: number): string | undefined => {
  if (value === null) return 'None'
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return numberText(value)
  if (typeof value !== 'object' || depth === 0) return undefined
  const parts: string[] = []
  for (const [key, inner] of Object.entries(value)) {
    const text = representation(inner, depth - 1)
    if (text === undefined) return undefined
    parts.push(Array.isArray(value) ? text : `${quoted(key)}: ${text}`)
  }
  return Array.isArray(value) ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`
}

/**
 * What Python's `str()` makes of a value: `['sshd', 'nginx']`, `True`, `None`, `80`. Undefined when it is nested too
 * deeply. JSON's `80.0` arrives as 80 and reads so.
 */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : representation(value, DEEPEST_TEXT)

const SHOWN_LENGTH = 120
const SHOWN_ITEMS = 10

/** A value as JSON for people, cut short at any size and depth. */
export const shown = (value: unknown, depth = 3): string => {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string')
    return JSON.stringify(value.length > SHOWN_LENGTH ? `${value.slice(0, SHOWN_LENGTH)}…` : value)
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value)
  const inner =
    depth === 0
      ? ['…']
      : entries
          .slice(0, SHOWN_ITEMS)
          .map(([key, one]) => (Array.isArray(value) ? '' : `${shown(key)}: `) + shown(one, depth - 1))
  if (depth > 0 && entries.length > SHOWN_ITEMS) inner.push(`… ${entries.length - SHOWN_ITEMS} more`)
  return Array.isArray(value) ? `[${inner.join(', ')}]` : `{${inner.join(', ')}}`
}
