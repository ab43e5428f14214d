import { runtimeError, tooLarge } from '../syntax/template-error.ts'
import { compareValues, isEqual } from '../values/compare.ts'
import { LONGEST_LIST, toList } from '../values/iterate.ts'
import type { Tuple, Value } from '../values/value.ts'
import { flag, givenValue, wholeNumber } from './arguments.ts'
import type { Argument, Native } from './native.ts'

const notThere = () => runtimeError('value_not_in_list')

const placeOf = (items: readonly Value[], value: Argument): number => {
  const at = items.findIndex((item) => isEqual(item, givenValue(value)))
  if (at < 0) throw notThere()
  return at
}

const countOf = (items: readonly Value[], value: Argument): number =>
  items.filter((item) => isEqual(item, givenValue(value))).length

const grow = (list: Value[], more: readonly Value[], at = list.length): null => {
  if (list.length + more.length > LONGEST_LIST) throw tooLarge()
  list.splice(at, 0, ...more)
  return null
}

const pop = (list: Value[], at: Argument): Value => {
  const index = wholeNumber(at, -1)
  const place = index < 0 ? list.length + index : index
  if (place < 0 || place >= list.length) throw runtimeError('nothing_to_pop')
  return list.splice(place, 1)[0]!
}

/** Sorts by keys that were made once; equal items keep their order, also when turned round. */
export const sortBy = (items: readonly Value[], keyOf: (item: Value) => Value, reverse: boolean): Value[] => {
  const direction = reverse ? -1 : 1
  return items
    .map((item) => [keyOf(item), item] as const)
    .sort(([a], [b]) => direction * (compareValues(a, b) || 0))
    .map(([, item]) => item)
}

export const listMethods: Readonly<Record<string, Native<Value[]>>> = {
  append: { params: '/object', run: (list, [value]) => grow(list, [givenValue(value)]) },
  clear: {
    params: '/',
    run: (list) => {
      list.length = 0
      return null
    },
  },
  copy: { params: '/', run: (list) => [...list] },
  count: { params: '/value', run: (list, [value]) => countOf(list, value) },
  extend: { params: '/items', run: (list, [items]) => grow(list, toList(items!)) },
  index: { params: '/value', run: (list, [value]) => placeOf(list, value) },
  insert: {
    params: '/index object',
    run: (list, [at, value]) => grow(list, [givenValue(value)], wholeNumber(at, 0)),
  },
  pop: { params: '/index?', run: (list, [at]) => pop(list, at) },
  remove: {
    params: '/value',
    run: (list, [value]) => {
      list.splice(placeOf(list, value), 1)
      return null
    },
  },
  reverse: {
    params: '/',
    run: (list) => {
      list.reverse()
      return null
    },
  },
  sort: {
    params: 'reverse?',
    run: (list, [reverse]) => {
      list.splice(0, list.length, ...sortBy(list, (item) => item, flag(reverse)))
      return null
    },
  },
}

export const tupleMethods: Readonly<Record<string, Native<Tuple>>> = {
  count: { params: '/value', run: ({ items }, [value]) => countOf(items, value) },
  index: { params: '/value', run: ({ items }, [value]) => placeOf(items, value) },
}
