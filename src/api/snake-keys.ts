import { isObject } from '#lib/json.ts'

/** What stands there was named by others. */
const THEIRS = new Set(['labels', 'data'])

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Figures and facts of the server with their names as the API writes them: `lastWaitMs` is `last_wait_ms`. */
export const snakeKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(snakeKeys)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [snake(name), THEIRS.has(name) ? inner : snakeKeys(inner)]),
  )
}
