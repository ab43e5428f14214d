import { runtimeError } from '../syntax/template-error.ts'
import { isEqual } from '../values/compare.ts'
import { countOf } from '../values/iterate.ts'
import { Callable, type Given, Live, Stream, Tuple, Undefined, type Value } from '../values/value.ts'

/** What `loop` is inside of a `for`. It looks one item ahead only when it is asked for what that needs. */
export const createLoop = (
  items: Iterable<Value>,
  source: Value | undefined,
  depth: number,
  again?: (given: Given) => Value,
) => {
  const iterator = items[Symbol.iterator]()
  const waiting: Value[] = []
  let before: Value = new Undefined('previtem')
  let current: Value = new Undefined('item')
  let index = -1
  let known = source === undefined || source instanceof Stream ? undefined : countOf(source)
  let changes: readonly Value[] | undefined

  const ahead = (): Value | undefined => {
    if (waiting.length === 0) {
      const { done, value } = iterator.next()
      if (!done) waiting.push(value)
    }
    return waiting[0]
  }
  const length = (): number => {
    if (known !== undefined) return known
    for (let next = iterator.next(); !next.done; next = iterator.next()) waiting.push(next.value)
    known = index + 1 + waiting.length
    return known
  }
  const cycle = new Callable('cycle', ({ args }) => {
    if (args.length === 0) throw runtimeError('cycle_empty')
    return args[index % args.length]!
  })
  const changed = new Callable('changed', ({ args }) => {
    const same = changes !== undefined && isEqual(new Tuple(changes), new Tuple(args))
    changes = args
    return !same
  })
  const attributes: Readonly<Record<string, () => Value>> = {
    index: () => index + 1,
    index0: () => index,
    first: () => index === 0,
    last: () => ahead() === undefined,
    length,
    revindex: () => length() - index,
    revindex0: () => length() - index - 1,
    previtem: () => (index > 0 ? before : new Undefined('previtem')),
    nextitem: () => {
      const item = ahead()
      return item === undefined ? new Undefined('nextitem') : item
    },
    depth: () => depth + 1,
    depth0: () => depth,
    cycle: () => cycle,
    changed: () => changed,
  }
  const loop = new Live(
    'loop',
    (name) => (Object.hasOwn(attributes, name) ? attributes[name]!() : undefined),
    again,
    () => `<LoopContext ${index + 1}/${length()}>`,
  )
  /** The next item; undefined at the end. */
  const next = (): Value | undefined => {
    const item = waiting.length > 0 ? waiting.shift() : iterator.next().value
    if (item === undefined) return undefined
    before = current
    current = item
    index++
    return item
  }
  return { loop, next }
}

/** Names that `loop` has. */
export const LOOP_ATTRIBUTES: ReadonlySet<string> = new Set(
  'index index0 first last length revindex revindex0 previtem nextitem depth depth0 cycle changed'.split(' '),
)
