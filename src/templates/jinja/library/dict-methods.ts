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
        throw runtimeError(
          'a mapping is made from pairs of key and value',
          'un diccionario se hace de pares de clave y valor',
        )
      })

const pop = (dict: Dict, key: Argument, byDefault: Argument): Value => {
  const value = dict.get(key!)
  if (value === undefined && byDefault === undefined)
    throw runtimeError(
      `${reprOf(key!)} is not in the mapping; give pop a second value for then`,
      `${reprOf(key!)} no está en el diccionario; dé a pop un segundo valor para entonces`,
    )
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
      if (!last) throw runtimeError('the mapping is empty', 'el diccionario está vacío')
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
