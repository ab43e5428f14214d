const owns = (value: object, key: string): boolean =>
  // A list owns `length` too, which is no field of anybody's event.
  Object.hasOwn(value, key) && !(key === 'length' && Array.isArray(value))

/** The tails of a path and the first key of each: `a.b.c` gives `a.b.c`/`a`, `b.c`/`b`, `c`/`c`. */
const stepsOf = (path: string): { readonly rest: string; readonly head: string }[] =>
  path.split('.').map((head, index, keys) => ({ rest: keys.slice(index).join('.'), head }))

type FieldReader = (data: unknown) => unknown

const ownField =
  (key: string): FieldReader =>
  (data) =>
    typeof data === 'object' && data !== null && owns(data, key) ? (data as Record<string, unknown>)[key] : undefined

const nestedField = (path: string): FieldReader => {
  const steps = stepsOf(path)
  return (data) => {
    let value = data
    for (const { rest, head } of steps) {
      if (typeof value !== 'object' || value === null) return undefined
      if (owns(value, rest)) return (value as Record<string, unknown>)[rest]
      if (rest === head || !owns(value, head)) return undefined
      value = (value as Record<string, unknown>)[head]
    }
    return undefined
  }
}

/** A thousand rules ask the same event for the same field: what was read last is remembered. */
const remembering = (read: FieldReader): FieldReader => {
  let last: unknown
  let value: unknown
  return (data) => {
    if (data !== last) {
      value = read(data)
      last = data
    }
    return value
  }
}

const MOST_SHARED = 1000
const shared = new Map<string, FieldReader>()

/**
 * Prepares a look-up of a dotted path (`labels.site`, `answers.0.ip`); undefined where nothing is. A key that contains
 * dots itself is found first: `{"a.b": 1}` has a field `a.b`. Only own keys count, so `constructor` is as missing as
 * anything else. Data must not change between two looks at it.
 */
export const fieldReader = (path: string): FieldReader => {
  const known = shared.get(path)
  if (known) return known
  const reader = remembering(path.includes('.') ? nestedField(path) : ownField(path))
  if (shared.size >= MOST_SHARED) shared.clear()
  shared.set(path, reader)
  return reader
}
