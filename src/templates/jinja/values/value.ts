import { runtimeError } from '../syntax/template-error.ts'

// The values of templates are Python's, for Jinja2's language is Python's: `None` is null, a list an Array, a text a
// string. A whole number is an integer (beyond 2^53 a bigint); a float that happens to be whole is a Float.

/** A float without a fraction: `80.0`. Other floats are plain numbers. */
export class Float {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** What is not there. It prints as nothing, is false and empty, and cannot be calculated with or compared by size. */
export class Undefined {
  /** How it was looked up, for an error. */
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

export class Tuple {
  readonly items: readonly Value[]
  constructor(items: readonly Value[]) {
    this.items = items
  }
}

/** A tuple of `groupby`, whose parts have names besides. */
export class Group extends Tuple {
  get grouper(): Value {
    return this.items[0]!
  }
  get list(): Value {
    return this.items[1]!
  }
}

/** Text that is HTML already and is not escaped again. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** `range(…)`: its numbers are made as they are asked for. */
export class Range {
  readonly start: number
  readonly step: number
  readonly length: number
  constructor(start: number, stop: number, step: number) {
    this.start = start
    this.step = step
    this.length = Math.max(0, Math.ceil((stop - start) / step))
  }
}

/** The keys, values or items of a dict, in its order. */
export class DictView {
  readonly kind: 'keys' | 'values' | 'items'
  readonly dict: Dict
  constructor(kind: DictView['kind'], dict: Dict) {
    this.kind = kind
    this.dict = dict
  }
}

/** Values that can be gone through once, as filters such as `map` give them. */
export class Stream implements Iterable<Value> {
  readonly source: string
  readonly #items: Iterator<Value>
  constructor(source: string, items: Iterable<Value>) {
    this.source = source
    this.#items = items[Symbol.iterator]()
  }
  next(): IteratorResult<Value> {
    return this.#items.next()
  }
  [Symbol.iterator](): Iterator<Value> {
    return this
  }
}

export class Namespace {
  readonly attributes = new Map<string, Value>()
}

/** What is given in a call. */
export interface Given {
  readonly args: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

/** A function, a method of a value or a macro. */
export class Callable {
  readonly name: string
  readonly call: (given: Given) => Value
  readonly attributes: ReadonlyMap<string, Value>
  /** What it prints as, where that says something. */
  readonly shown: string | undefined
  constructor(name: string, call: Callable['call'], attributes: Callable['attributes'] = new Map(), shown?: string) {
    this.name = name
    this.call = call
    this.attributes = attributes
    this.shown = shown
  }
}

/** Something with attributes that change as it is used: `loop`, `cycler(…)`, `self`. */
export class Live {
  readonly name: string
  readonly attribute: (name: string) => Value | undefined
  readonly call: ((given: Given) => Value) | undefined
  /** What it prints as, where that says something. */
  readonly shown: (() => string) | undefined
  constructor(name: string, attribute: Live['attribute'], call?: Live['call'], shown?: Live['shown']) {
    this.name = name
    this.attribute = attribute
    this.call = call
    this.shown = shown
  }
}

export type Int = number | bigint
export type Value =
  | null
  | boolean
  | Int
  | Float
  | string
  | Markup
  | Undefined
  | Value[]
  | Tuple
  | Dict
  | DictView
  | Range
  | Stream
  | Namespace
  | Callable
  | Live

/** How Python calls the type of a value. */
export const typeName = (value: Value): string => {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'string') return 'str'
  if (Array.isArray(value)) return 'list'
  return TYPE_NAMES.get(value.constructor)!
}

export const isText = (value: Value | undefined): value is string | Markup =>
  typeof value === 'string' || value instanceof Markup

/** The text of a text, HTML or not. */
export const plain = (value: string | Markup): string => (typeof value === 'string' ? value : value.text)

/** A value as a set or a mapping has it: equal ones have the same form, and `1`, `1.0` and `true` are one in Python. */
export const hashForm = (key: Value): unknown => {
  if (typeof key === 'string' || typeof key === 'number' || key === null) return key
  if (typeof key === 'boolean') return Number(key)
  if (typeof key === 'bigint') return key
  if (key instanceof Float) return key.value
  if (key instanceof Markup) return key.text
  if (key instanceof Tuple)
    return `\0tuple ${JSON.stringify(key.items.map((item) => [typeName(item), String(hashForm(item))]))}`
  if (Array.isArray(key) || key instanceof Dict) throw runtimeError('not_a_key', { type: typeName(key) })
  return key
}

/** A mapping in the order in which its keys came. */
export class Dict {
  readonly #entries = new Map<unknown, [key: Value, value: Value]>()

  static of(entries: Iterable<readonly [Value, Value]>): Dict {
    const dict = new Dict()
    for (const [key, value] of entries) dict.set(key, value)
    return dict
  }

  get size(): number {
    return this.#entries.size
  }
  get(key: Value): Value | undefined {
    return this.#entries.get(hashForm(key))?.[1]
  }
  has(key: Value): boolean {
    return this.#entries.has(hashForm(key))
  }
  set(key: Value, value: Value): void {
    const form = hashForm(key)
    const entry = this.#entries.get(form)
    if (entry) entry[1] = value
    else this.#entries.set(form, [key, value])
  }
  delete(key: Value): void {
    this.#entries.delete(hashForm(key))
  }
  clear(): void {
    this.#entries.clear()
  }
  entries(): MapIterator<readonly [Value, Value]> {
    return this.#entries.values()
  }
  *keys(): IterableIterator<Value> {
    for (const [key] of this.#entries.values()) yield key
  }
  *values(): IterableIterator<Value> {
    for (const [, value] of this.#entries.values()) yield value
  }
}

const TYPE_NAMES = new Map<unknown, string>([
  [Float, 'float'],
  [Markup, 'str'],
  [Undefined, 'undefined'],
  [Dict, 'dict'],
  [Tuple, 'tuple'],
  [Group, 'tuple'],
  [DictView, 'dict view'],
  [Range, 'range'],
  [Stream, 'generator'],
  [Namespace, 'namespace'],
  [Callable, 'function'],
  [Live, 'object'],
])
