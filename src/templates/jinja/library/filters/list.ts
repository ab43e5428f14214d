import { systemRandom } from '#lib/time/chance.ts'
import { runtimeError, tooLarge } from '../../syntax/template-error.ts'
import { faultOf } from '../../syntax/template-faults.ts'
import { characters } from '../../values/characters.ts'
import { compareValues } from '../../values/compare.ts'
import { countOf, isTrue, iterate, toList } from '../../values/iterate.ts'
import { calculate, unsupported } from '../../values/number.ts'
import { LONGEST_TEXT, toHtml, toText } from '../../values/text.ts'
import {
  Dict,
  DictView,
  Group,
  hashForm,
  isText,
  Markup,
  plain,
  Stream,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from '../../values/value.ts'
import { flag, text, wholeNumber } from '../arguments.ts'
import { attributeGetter, attributesGetter, ignoreCase } from '../attribute-getter.ts'
import { sortBy } from '../list-methods.ts'
import type { Argument, Native, Rendering } from '../native.ts'

const join: Native['run'] = (value, [separator, attribute], rendering) => {
  const get = attribute === undefined || attribute === null ? undefined : attributeGetter(attribute, rendering)
  const items = get ? toList(value).map(get) : toList(value)
  rendering.spend(items.length)
  const html = rendering.autoescape && (separator instanceof Markup || items.some((item) => item instanceof Markup))
  const write = (item: Value) => (html ? toHtml(item).text : toText(item))
  const between = write(separator === undefined ? '' : separator)
  const parts = items.map(write)
  let size = between.length * parts.length
  for (const part of parts) size += part.length
  if (size > LONGEST_TEXT) throw tooLarge()
  return html ? new Markup(parts.join(between)) : parts.join(between)
}

const length: Native['run'] = (value) => {
  const count = countOf(value)
  if (count !== undefined) return count
  throw runtimeError(value instanceof Stream ? 'series_has_no_length' : 'no_length', { type: typeName(value) })
}

const first: Native['run'] = (value) => {
  for (const item of iterate(value)) return item
  return new Undefined('first')
}
const last: Native['run'] = (value) => {
  if (value instanceof Stream) throw runtimeError('last_needs_list')
  const found = toList(value).at(-1)
  return found === undefined ? new Undefined('last') : found
}

const reverse: Native['run'] = (value) => {
  if (isText(value)) {
    const turned = [...characters(plain(value))].reverse().join('')
    return value instanceof Markup ? new Markup(turned) : turned
  }
  const turned = toList(value).reverse()
  return value instanceof Stream ? turned : new Stream('reverse', turned)
}

const sort: Native['run'] = (value, [backwards, caseSensitive, attribute], rendering) =>
  sortBy(toList(value), attributesGetter(attribute, rendering, { caseSensitive: flag(caseSensitive) }), flag(backwards))

const dictSort: Native['run'] = (value, [caseSensitive, by, backwards]) => {
  const how = text(by, 'key')
  if (how !== 'key' && how !== 'value') throw runtimeError('dictsort_by')
  if (!(value instanceof Dict)) throw needsMapping('dictsort', value)
  const at = how === 'key' ? 0 : 1
  const pairs = Array.from(value.entries(), (pair) => new Tuple(pair))
  const keyOf = (pair: Value) => {
    const one = (pair as Tuple).items[at]!
    return flag(caseSensitive) ? one : ignoreCase(one)
  }
  return sortBy(pairs, keyOf, flag(backwards))
}

const needsMapping = (name: string, value: Value) =>
  runtimeError('mapping_needed_instead', {
    called: name,
    found: value instanceof Undefined ? faultOf('not_there', { name: value.name }) : typeName(value),
  })

const extreme =
  (direction: 1 | -1): Native['run'] =>
  (value, [caseSensitive, attribute], rendering) => {
    const get = attributeGetter(attribute, rendering, { caseSensitive: flag(caseSensitive) })
    let best: readonly [key: Value, item: Value] | undefined
    for (const item of toList(value)) {
      const key = get(item)
      if (!best || compareValues(key, best[0]) * direction < 0) best = [key, item]
    }
    return best ? best[1] : new Undefined('item')
  }

function* uniqueOf(value: Value, get: (item: Value) => Value): IterableIterator<Value> {
  const seen = new Set<unknown>()
  for (const item of iterate(value)) {
    const form = hashForm(get(item))
    const known = form instanceof Undefined ? 'undefined\0' : form
    if (seen.has(known)) continue
    seen.add(known)
    yield item
  }
}

const sum: Native['run'] = (value, [attribute, start = 0], rendering) => {
  const get = attributeGetter(attribute, rendering)
  let total: Value = start
  if (isText(total)) throw runtimeError('sum_of_texts')
  for (const item of iterate(value)) {
    const next = get(item)
    if (Array.isArray(total) && Array.isArray(next)) total = [...total, ...next]
    else {
      const result = calculate('+', total, next)
      if (result === undefined) throw unsupported('sum', total, next)
      total = result
    }
  }
  return total
}

const groupBy: Native['run'] = (value, [attribute, byDefault, caseSensitive], rendering) => {
  const real = attributeGetter(attribute, rendering, { byDefault })
  const key = attributeGetter(attribute, rendering, { byDefault, caseSensitive: flag(caseSensitive) })
  const groups: { key: Value; items: Value[] }[] = []
  for (const item of sortBy(toList(value), key, false)) {
    const found = key(item)
    const latest = groups.at(-1)
    if (latest && hashForm(latest.key) === hashForm(found)) latest.items.push(item)
    else groups.push({ key: found, items: [item] })
  }
  return groups.map(({ items }) => new Group([real(items[0]!), items]))
}

function* batchOf(value: Value, size: number, fill: Argument): IterableIterator<Value> {
  let batch: Value[] = []
  for (const item of iterate(value)) {
    if (batch.length === size) {
      yield batch
      batch = []
    }
    batch.push(item)
  }
  if (batch.length === 0) return
  if (fill !== undefined && fill !== null && size > LONGEST_TEXT) throw tooLarge()
  while (fill !== undefined && fill !== null && batch.length < size) batch.push(fill)
  yield batch
}

function* sliceOf(value: Value, count: number, fill: Argument): IterableIterator<Value> {
  const items = toList(value)
  if (count === 0) throw runtimeError('slice_of_none')
  const each = Math.floor(items.length / count)
  const longer = items.length % count
  let at = 0
  for (let index = 0; index < count; index++) {
    const end = at + each + (index < longer ? 1 : 0)
    const part = items.slice(at, end)
    if (fill !== undefined && fill !== null && index >= longer) part.push(fill)
    yield part
    at = end
  }
}

const items: Native['run'] = (value) => {
  if (value instanceof Undefined) return new Stream('items', [])
  if (!(value instanceof Dict)) throw needsMapping('items', value)
  return new Stream('items', iterate(new DictView('items', value)))
}

const random: Native['run'] = (value) => {
  const all = value instanceof Stream || value instanceof Dict ? undefined : toList(value)
  if (!all) throw runtimeError('random_needs_list')
  const found = all[Math.floor(systemRandom() * all.length)]
  return found === undefined ? new Undefined('random') : found
}

export const listFilters: Readonly<Record<string, Native>> = {
  batch: {
    params: 'linecount fill_with?',
    run: (value, [size, fill]) => new Stream('batch', batchOf(value, wholeNumber(size, 1), fill)),
  },
  count: { params: '/', run: length },
  dictsort: { params: 'case_sensitive? by? reverse?', run: dictSort },
  first: { params: '', run: first },
  groupby: { params: 'attribute default? case_sensitive?', run: groupBy },
  items: { params: '', run: items },
  join: { params: 'd? attribute?', run: join },
  last: { params: '', run: last },
  length: { params: '/', run: length },
  list: { params: '', run: toList },
  max: { params: 'case_sensitive? attribute?', run: extreme(-1) },
  min: { params: 'case_sensitive? attribute?', run: extreme(1) },
  random: { params: '', run: random },
  reverse: { params: '', run: reverse },
  slice: {
    params: 'slices fill_with?',
    run: (value, [count, fill]) => new Stream('slice', sliceOf(value, wholeNumber(count, 1), fill)),
  },
  sort: { params: 'reverse? case_sensitive? attribute?', run: sort },
  sum: { params: 'attribute? start?', run: sum },
  unique: {
    params: 'case_sensitive? attribute?',
    run: (value, [caseSensitive, attribute], rendering) =>
      new Stream(
        'unique',
        uniqueOf(value, attributeGetter(attribute, rendering, { caseSensitive: flag(caseSensitive) })),
      ),
  },
}

/** What `map`, `select` and their like share. */
const restOf = (args: readonly Value[], skip: number) => args.slice(skip)

const nameOf = (what: string, value: Argument): string => {
  if (value !== undefined && isText(value)) return plain(value)
  throw runtimeError('filter_name_missing', { called: what })
}

const mapper = (rendering: Rendering, given: Parameters<Native['run']>[3]): ((item: Value) => Value) => {
  const { args, named } = given
  if (args.length > 0 || !named.has('attribute')) {
    const name = nameOf('map', args[0])
    return (item) => rendering.filter(name, item, { args: restOf(args, 1), named })
  }
  const strange = [...named.keys()].find((name) => name !== 'attribute' && name !== 'default')
  if (strange !== undefined)
    throw runtimeError('argument_unknown_of', { called: 'map', argument: strange, names: 'attribute, default' })
  return attributeGetter(named.get('attribute'), rendering, { byDefault: named.get('default') })
}

const map: Native['run'] = (value, _, rendering, given) => {
  function* mapped(): IterableIterator<Value> {
    if (!isTrue(value)) return
    const apply = mapper(rendering, given)
    for (const item of iterate(value)) {
      rendering.spend(1)
      yield apply(item)
    }
  }
  return new Stream('map', mapped())
}

const choose = (name: string, wanted: boolean, byAttribute: boolean): Native => {
  const run: Native['run'] = (value, _, rendering, { args, named }) => {
    const at = byAttribute ? 1 : 0
    function* chosen(): IterableIterator<Value> {
      if (!isTrue(value)) return
      if (byAttribute && args.length === 0) throw runtimeError('attribute_missing', { called: name })
      const get = byAttribute ? attributeGetter(args[0], rendering) : (item: Value) => item
      const test = args.length > at ? nameOf(name, args[at]) : undefined
      for (const item of iterate(value)) {
        rendering.spend(1)
        const one = get(item)
        const holds =
          test === undefined ? isTrue(one) : rendering.test(test, one, { args: restOf(args, at + 1), named })
        if (holds === wanted) yield item
      }
    }
    return new Stream(name, chosen())
  }
  return { run }
}

export const seriesFilters: Readonly<Record<string, Native>> = {
  map: { run: map },
  reject: choose('reject', false, false),
  rejectattr: choose('rejectattr', false, true),
  select: choose('select', true, false),
  selectattr: choose('selectattr', true, true),
}
