import { tooDeep } from '../syntax/template-error.ts'
import { compareTexts } from './characters.ts'
import { numberOf, unsupported } from './number.ts'
import { Dict, DictView, isText, plain, Range, Tuple, Undefined, type Value } from './value.ts'

const DEEPEST = 200

const itemsOf = (value: Value): { readonly kind: string; readonly items: readonly Value[] } | undefined => {
  if (Array.isArray(value)) return { kind: 'list', items: value }
  return value instanceof Tuple ? { kind: 'tuple', items: value.items } : undefined
}

const sameNumber = (left: Value, right: Value): boolean | undefined => {
  const [a, b] = [numberOf(left), numberOf(right)]
  if (!a || !b) return undefined
  const x = 'int' in a ? a.int : a.float
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint equals a number of the same value only so
  return x == ('int' in b ? b.int : b.float)
}

/** Python's `==`. */
export const isEqual = (left: Value, right: Value, depth = 0): boolean => {
  if (depth > DEEPEST) throw tooDeep()
  if (isText(left)) return isText(right) && plain(left) === plain(right)
  if (left === right) return !Number.isNaN(left)
  if (left instanceof Undefined) return right instanceof Undefined
  const number = sameNumber(left, right)
  if (number !== undefined) return number
  const [a, b] = [itemsOf(left), itemsOf(right)]
  if (a && b)
    return (
      a.kind === b.kind &&
      a.items.length === b.items.length &&
      a.items.every((item, index) => isEqual(item, b.items[index]!, depth + 1))
    )
  if (left instanceof Range && right instanceof Range)
    return (
      left.length === right.length &&
      (left.length === 0 || (left.start === right.start && (left.length === 1 || left.step === right.step)))
    )
  if (left instanceof DictView && right instanceof DictView)
    return (
      left.kind === 'keys' &&
      right.kind === 'keys' &&
      left.dict.size === right.dict.size &&
      [...left.dict.keys()].every((key) => right.dict.has(key))
    )
  return left instanceof Dict && right instanceof Dict && sameEntries(left, right, depth)
}

const sameEntries = (left: Dict, right: Dict, depth: number): boolean => {
  if (left.size !== right.size) return false
  for (const [key, value] of left.entries()) {
    const other = right.get(key)
    if (other === undefined || !isEqual(value, other, depth + 1)) return false
  }
  return true
}

/**
 * Which of two values is greater: negative, 0, positive, or NaN where neither is. Throws a TemplateError where Python
 * knows no order: a text and a number, something that is missing.
 */
export const compareValues = (left: Value, right: Value, operator = '<', depth = 0): number => {
  if (depth > DEEPEST) throw tooDeep()
  if (isText(left) && isText(right)) return compareTexts(plain(left), plain(right))
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a && b) {
    const x = 'int' in a ? a.int : a.float
    const y = 'int' in b ? b.int : b.float
    if (x < y) return -1
    return x > y ? 1 : Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : 0
  }
  const [list, other] = [itemsOf(left), itemsOf(right)]
  if (!list || !other || list.kind !== other.kind) throw unsupported(operator, left, right)
  for (const [index, item] of list.items.entries()) {
    if (index >= other.items.length) return 1
    if (!isEqual(item, other.items[index]!)) return compareValues(item, other.items[index]!, operator, depth + 1)
  }
  return list.items.length - other.items.length
}
