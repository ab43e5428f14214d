import { runtimeError, tooLarge } from '../syntax/template-error.ts'
import { characters } from './characters.ts'
import {
  Dict,
  DictView,
  isText,
  Namespace,
  plain,
  Range,
  Stream,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from './value.ts'

/** Items of one list. */
export const LONGEST_LIST = 200_000
/** Numbers of one range that are gone through: more than a rendering has steps. */
const MOST_NUMBERS = 2_000_000

function* numbersOf({ start, step, length }: Range): IterableIterator<number> {
  for (let index = 0; index < length; index++) {
    if (index >= MOST_NUMBERS) throw tooLarge()
    yield start + index * step
  }
}

/** What can be gone through; undefined for what cannot. */
export const tryIterate = (value: Value): Iterable<Value> | undefined => {
  if (Array.isArray(value)) return value
  if (isText(value)) return characters(plain(value))
  if (value instanceof Tuple) return value.items
  if (value instanceof Dict) return value.keys()
  if (value instanceof DictView) {
    const { dict, kind } = value
    return kind === 'items' ? dict.entries().map((pair) => new Tuple(pair)) : dict[kind]()
  }
  if (value instanceof Range) return numbersOf(value)
  if (value instanceof Stream) return value
  return value instanceof Undefined ? [] : undefined
}

/** The parts of a value, in order. */
export const iterate = (value: Value): Iterable<Value> => {
  const items = tryIterate(value)
  if (items === undefined) throw runtimeError('no_items', { type: typeName(value) })
  return items
}

/** All parts of a value as a list of its own. */
export const toList = (value: Value): Value[] => {
  const list: Value[] = []
  for (const item of iterate(value)) {
    if (list.length >= LONGEST_LIST) throw tooLarge()
    list.push(item)
  }
  return list
}

/** How many parts a value has; undefined where Python's `len` knows none. */
export const countOf = (value: Value): number | undefined => {
  if (Array.isArray(value)) return value.length
  if (isText(value)) return characters(plain(value)).length
  if (value instanceof Tuple) return value.items.length
  if (value instanceof Dict) return value.size
  if (value instanceof DictView) return value.dict.size
  if (value instanceof Range) return value.length
  return value instanceof Undefined ? 0 : undefined
}

/** Whether a value counts as true. */
export const isTrue = (value: Value): boolean => {
  if (value === null || value === false || value === 0 || value === 0n || value === '') return false
  if (typeof value !== 'object') return true
  if (value instanceof Namespace) return true
  const count = countOf(value)
  if (count !== undefined) return count > 0
  return !('value' in value && value.value === 0)
}
