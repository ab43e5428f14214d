/**
 * What a table holds under a key that comes from outside; undefined for what it does not hold itself, so that `constructor`
 * or `toString`, which every object inherits, are keys like any other.
 */
export const own = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined
