const owns = (value: object, key: string): boolean =>
  // A list owns `length` too, which is no field of anybody's event.
  Object.hasOwn(value, key) && !(Array.isArray(value) && key === 'length')

/**
 * The value at a dotted path (`labels.site`, `answers.0.ip`), or undefined. A key that contains dots itself is found
 * first: `{"a.b": 1}` has a field `a.b`. Only own keys count, so `constructor` is as missing as anything else.
 */
export const fieldOf = (data: unknown, path: string): unknown => {
  let value = data
  let rest = path
  while (typeof value === 'object' && value !== null) {
    if (owns(value, rest)) return (value as Record<string, unknown>)[rest]
    const dot = rest.indexOf('.')
    if (dot < 0) return undefined
    const head = rest.slice(0, dot)
    if (!owns(value, head)) return undefined
    value = (value as Record<string, unknown>)[head]
    rest = rest.slice(dot + 1)
  }
  return undefined
}
