const owns = (value: object, key: string): boolean =>
  // A list owns `length` too, which is no field of anybody's event.
  Object.hasOwn(value, key) && !(key === 'length' && Array.isArray(value))

/** The tails of a path and the first key of each: `a.b.c` gives `a.b.c`/`a`, `b.c`/`b`, `c`/`c`. */
const stepsOf = (path: string): { readonly rest: string; readonly head: string }[] =>
  path.split('.').map((head, index, keys) => ({ rest: keys.slice(index).join('.'), head }))

/**
 * Prepares a look-up of a dotted path (`labels.site`, `answers.0.ip`); undefined where nothing is. A key that contains
 * dots itself is found first: `{"a.b": 1}` has a field `a.b`. Only own keys count, so `constructor` is as missing as
 * anything else.
 */
export const fieldReader = (path: string): ((data: unknown) => unknown) => {
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
