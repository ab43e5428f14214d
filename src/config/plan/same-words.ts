import { isDeepStrictEqual } from 'node:util'

/** As it comes back from the store: nothing undefined, and objects like all others. */
const stored = (value: unknown): unknown => {
  const text = JSON.stringify(value)
  return text === undefined ? undefined : JSON.parse(text)
}

/** Whether two values say the same, in whatever order their keys stand. */
export const sameWords = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other) || isDeepStrictEqual(stored(one), stored(other))
