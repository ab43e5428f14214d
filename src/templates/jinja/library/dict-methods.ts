import { runtimeError } from '../syntax/template-error.ts'
import { toList } from '../values/iterate.ts'
import { reprOf } from '../values/text.ts'
import { Dict, DictView, Tuple, type Value } from '../values/value.ts'
import { givenValue } from './arguments.ts'
import type { Argument, Native } from './native.ts'

/** The pairs that a dict is made from: another dict, or a list of pairs. */
export const pairsOf = (value: Value): readonly (readonly [Value, Value])[] =>
  value instanceof Dict
    ? [...value.entries()]
    : toList(value).map((item) => {
        const pair = toList(item)
        if (pair.length === 2) return [pair[0]!, pair[1]!]
        throw runtimeError('mapping_not_of_pairs')
      })

const pop = (dict: Dict, key: Argument, byDefault: Argument): Value => {
  const value = dict.get(key!)
  if (value === undefined && byDefault === undefined) throw runtimeError('key_not_there', { key: reprOf(key!) })
  dict.delete(key!)
  return value === undefined ? byDefault! : value
}

const update = (dict: Dict, other: Argument, named: ReadonlyMap<string, Value>): null => {
  for (const [key, value] of other === undefined ? [] : pairsOf(other)) dict.set(key, value)
  for (const [key, value] of named) dict.set(key, value)
  return null
}

const valueOr = (value: Argument, byDefault: Argument): Value => (value === undefined ? givenValue(byDefault) : value)

export const dictMethods: Readonly<Record<string, Native<Dict>>> = {
  clear: {
    params: '/',
    run: (dict) => {
      dict.clear()
      return null
    },
  },
  copy: { params: '/', run: (dict) => Dict.of(dict.entries()) },
  fromkeys: {
    params: '/keys value?',
    run: (_, [keys, value]) => Dict.of(toList(keys!).map((key) => [key, givenValue(value)] as const)),
  },
  get: { params: '/key default?', run: (dict, [key, byDefault]) => valueOr(dict.get(key!), byDefault) },
  items: { params: '/', run: (dict) => new DictView('items', dict) },
  keys: { params: '/', run: (dict) => new DictView('keys', dict) },
  pop: { params: '/key default?', run: (dict, [key, byDefault]) => pop(dict, key, byDefault) },
  popitem: {
    params: '/',
    run: (dict) => {
      const last = [...dict.entries()].at(-1)
      if (!last) throw runtimeError('mapping_empty')
      dict.delete(last[0])
      return new Tuple(last)
    },
  },
  setdefault: {
    params: '/key default?',
    run: (dict, [key, byDefault]) => {
      if (!dict.has(key!)) dict.set(key!, givenValue(byDefault))
      return dict.get(key!)!
    },
  },
  update: { run: (dict, [other], _, { named }) => update(dict, other, named) },
  values: { params: '/', run: (dict) => new DictView('values', dict) },
}
