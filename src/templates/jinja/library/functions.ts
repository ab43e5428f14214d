import { runtimeError } from '../syntax/template-error.ts'
import { Callable, Dict, isText, Live, Namespace, plain, Range, type Value } from '../values/value.ts'
import { wholeNumber } from './arguments.ts'
import { pairsOf } from './dict-methods.ts'
import type { Argument, Native } from './native.ts'

// Jinja2's functions.

const range = (first: Argument, stop: Argument, step: Argument): Range => {
  const by = wholeNumber(step, 1)
  if (by === 0) throw runtimeError('range_step_zero')
  const whole = (value: Argument) => wholeNumber(value, 0)
  return stop === undefined ? new Range(0, whole(first), 1) : new Range(whole(first), whole(stop), by)
}

const dictOf: Native['run'] = (_, [from], __, { named }) => {
  const dict = from === undefined ? new Dict() : Dict.of(pairsOf(from))
  for (const [name, value] of named) dict.set(name, value)
  return dict
}

const namespace: Native['run'] = (_, [from], __, { named }) => {
  const made = new Namespace()
  for (const [name, value] of from === undefined ? [] : pairsOf(from))
    if (isText(name)) made.attributes.set(plain(name), value)
  for (const [name, value] of named) made.attributes.set(name, value)
  return made
}

const cycler: Native['run'] = (_, items) => {
  if (items.length === 0) throw runtimeError('cycler_empty')
  let at = 0
  const step = (to: number): Value => {
    at = to % items.length
    return items[at]!
  }
  const next = new Callable('next', () => {
    const item = items[at]!
    step(at + 1)
    return item
  })
  const reset = new Callable('reset', () => {
    at = 0
    return null
  })
  return new Live('cycler', (name) => ({ current: items[at], next, reset })[name as 'next'])
}

const joiner: Native['run'] = (_, [separator = ', ']) => {
  let used = false
  return new Callable('joiner', () => {
    if (used) return separator
    used = true
    return ''
  })
}

/** What each prints as where it is not called. */
export const FUNCTION_TEXTS: ReadonlyMap<string, string> = new Map([
  ['cycler', "<class 'jinja2.utils.Cycler'>"],
  ['dict', "<class 'dict'>"],
  ['joiner', "<class 'jinja2.utils.Joiner'>"],
  ['namespace', "<class 'jinja2.utils.Namespace'>"],
  ['range', "<class 'range'>"],
])

export const functions: ReadonlyMap<string, Native> = new Map<string, Native>([
  ['cycler', { run: cycler }],
  ['dict', { run: dictOf }],
  ['joiner', { params: 'sep?', run: joiner }],
  ['namespace', { run: namespace }],
  ['range', { params: '/start stop? step?', run: (_, [start, stop, step]) => range(start, stop, step) }],
])
