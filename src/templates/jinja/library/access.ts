import { runtimeError } from '../syntax/template-error.ts'
import { characters } from '../values/characters.ts'
import { isFloat, isInt, numberOf } from '../values/number.ts'
import { reprOf, toHtml, toText } from '../values/text.ts'
import {
  Callable,
  Dict,
  type Given,
  Group,
  isText,
  Live,
  Markup,
  Namespace,
  plain,
  Range,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from '../values/value.ts'
import { formatBraces } from './brace-format.ts'
import { dictMethods } from './dict-methods.ts'
import { listMethods, tupleMethods } from './list-methods.ts'
import { callNative, type Native, type Rendering } from './native.ts'
import { floatMethods, intMethods } from './number-methods.ts'
import { textMethods } from './text-methods.ts'

// What `value.name` and `value[key]` are. There is nothing but Python's public methods and the data: no name leads to
// what the values are made of.

const FORMATS: ReadonlySet<string> = new Set(['format', 'format_map'])

/** Names of all methods that a value may have. */
export const METHODS: ReadonlySet<string> = new Set([
  ...[textMethods, listMethods, tupleMethods, dictMethods, intMethods, floatMethods].flatMap(Object.keys),
  ...FORMATS,
])

const has = <Self>(methods: Readonly<Record<string, Native<Self>>>, name: string) =>
  Object.hasOwn(methods, name) ? methods[name] : undefined

/** Results of a method of HTML are HTML, and what it is given is escaped. */
const wrap = (value: Value): Value => {
  if (typeof value === 'string') return new Markup(value)
  if (Array.isArray(value)) return value.map(wrap)
  return value instanceof Tuple ? new Tuple(value.items.map(wrap)) : value
}
const escapeGiven = (value: Value): Value => {
  if (isText(value)) return toHtml(value).text
  return Array.isArray(value) ? value.map(escapeGiven) : value
}

/** Methods of HTML that escape what they are given. */
const ESCAPING: ReadonlySet<string> = new Set('center join ljust lstrip replace rjust rstrip strip zfill'.split(' '))

/** An attribute within a format: an item of a mapping is none there. */
const formatAttribute = (of: Value, name: string, rendering: Rendering): Value => {
  const found = of instanceof Dict ? undefined : getAttribute(of, name, rendering)
  if (found !== undefined && !(found instanceof Undefined)) return found
  throw runtimeError('format_attribute_unknown', { name })
}

const textMethod = (value: string | Markup, name: string, rendering: Rendering): Callable | undefined => {
  const html = value instanceof Markup
  const pattern = plain(value)
  const result = (made: Value) => (html ? wrap(made) : made)
  if (FORMATS.has(name))
    return new Callable(name, (given) => {
      const [first] = given.args
      const values: Given =
        name === 'format' || !(first instanceof Dict)
          ? given
          : { args: [], named: new Map(Array.from(first.entries(), ([key, one]) => [toText(key), one])) }
      const lookUp = (of: Value, key: string, isAttribute: boolean) =>
        isAttribute
          ? formatAttribute(of, key, rendering)
          : getItem(of, /^\d+$/.test(key) ? Number(key) : key, rendering)
      return result(formatBraces(pattern, values, lookUp, html))
    })
  const method = has(textMethods, name)
  if (!method) return undefined
  return new Callable(name, ({ args, named }) => {
    const given = { args: html && ESCAPING.has(name) ? args.map(escapeGiven) : args, named }
    return result(callNative(name, method, pattern, given, rendering))
  })
}

const methodOf = (value: Value, name: string, rendering: Rendering): Callable | undefined => {
  if (isText(value)) return textMethod(value, name, rendering)
  const bound = <Self>(self: Self, method: Native<Self> | undefined) =>
    method && new Callable(name, (given) => callNative(name, method, self, given, rendering))
  if (value instanceof Dict) return bound(value, has(dictMethods, name))
  if (Array.isArray(value)) return bound(value, has(listMethods, name))
  if (value instanceof Tuple) return bound(value, has(tupleMethods, name))
  if (isFloat(value)) return bound(value, has(floatMethods, name))
  return isInt(value) || typeof value === 'boolean' ? bound(value, has(intMethods, name)) : undefined
}

const dataOf = (value: Value, name: string): Value | undefined => {
  if (value instanceof Namespace) return value.attributes.get(name)
  if (value instanceof Live) return value.attribute(name)
  if (value instanceof Callable) return value.attributes.get(name)
  if (value instanceof Group && (name === 'grouper' || name === 'list')) return value[name]
  if (value instanceof Range && ['start', 'stop', 'step'].includes(name))
    return name === 'stop' ? value.start + value.length * value.step : value[name as 'start']
  if ((isInt(value) || typeof value === 'boolean') && ['real', 'numerator'].includes(name)) return Number(value)
  return undefined
}

/** `value.name`: a method or an attribute, else an item of that name, else undefined. */
export const getAttribute = (value: Value, name: string, rendering: Rendering): Value => {
  const data = dataOf(value, name)
  if (data !== undefined) return data
  const method = methodOf(value, name, rendering)
  if (method) return method
  const item = value instanceof Dict ? value.get(name) : undefined
  return item === undefined ? new Undefined(name) : item
}

const indexed = (value: Value, at: number): Value | undefined => {
  if (isText(value)) {
    const one = characters(plain(value)).at(at)
    return one === undefined || typeof value === 'string' ? one : new Markup(one)
  }
  if (Array.isArray(value)) return value.at(at)
  if (value instanceof Tuple) return value.items.at(at)
  if (!(value instanceof Range)) return undefined
  const index = at < 0 ? value.length + at : at
  return index >= 0 && index < value.length ? value.start + index * value.step : undefined
}

/** `value[key]`: an item, else what `.key` would be, else undefined. */
export const getItem = (value: Value, key: Value, rendering: Rendering): Value => {
  if (value instanceof Undefined) return value
  if (value instanceof Dict) {
    const found = value.get(key)
    if (found !== undefined) return found
  } else {
    const number = numberOf(key)
    const found = number && 'int' in number ? indexed(value, Number(number.int)) : undefined
    if (found !== undefined) return found
  }
  return isText(key) ? getAttribute(value, plain(key), rendering) : new Undefined(reprOf(key))
}

const bound = (value: Value, byDefault: number, length: number, lowest: number, highest: number): number => {
  if (value === null) return byDefault
  const number = numberOf(value)
  if (!number || !('int' in number)) return Number.NaN
  const at = Number(number.int)
  return Math.min(highest, Math.max(lowest, at < 0 ? length + at : at))
}

type Bounds = readonly [start: Value, stop: Value, step: Value]

/** Where a slice begins, its step, and how many items it has; undefined when its bounds are no whole numbers. */
const extentOf = (length: number, [start, stop, step]: Bounds) => {
  const by = step === null ? 1 : bound(step, 1, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
  if (by === 0) throw runtimeError('slice_step_zero')
  const [lowest, highest] = by > 0 ? [0, length] : [-1, length - 1]
  const from = bound(start, by > 0 ? 0 : length - 1, length, lowest, highest)
  const to = bound(stop, by > 0 ? length : -1, length, lowest, highest)
  const count = Math.max(0, Math.ceil((to - from) / by))
  return Number.isNaN(count) ? undefined : { from, by, count }
}

const pick = <Item>(items: ArrayLike<Item>, bounds: Bounds): Item[] | undefined => {
  const extent = extentOf(items.length, bounds)
  return extent && Array.from({ length: extent.count }, (_, index) => items[extent.from + index * extent.by]!)
}

const sliceOf = (value: Value, bounds: Bounds): Value | undefined => {
  if (isText(value)) {
    const text = pick(characters(plain(value)), bounds)?.join('')
    return text === undefined || typeof value === 'string' ? text : new Markup(text)
  }
  if (Array.isArray(value)) return pick(value, bounds)
  if (value instanceof Tuple) {
    const items = pick(value.items, bounds)
    return items && new Tuple(items)
  }
  const extent = value instanceof Range ? extentOf(value.length, bounds) : undefined
  if (!(value instanceof Range) || !extent) return undefined
  const step = extent.by * value.step
  const start = value.start + extent.from * value.step
  return new Range(start, start + step * extent.count, step)
}

/** `value[start:stop:step]`. */
export const getSlice = (value: Value, bounds: Bounds): Value => {
  const slice = value instanceof Undefined ? value : sliceOf(value, bounds)
  if (slice !== undefined) return slice
  throw runtimeError('slice_impossible', { type: typeName(value) })
}
