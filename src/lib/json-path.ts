import { isObject } from './json.ts'

/** A step of a path. Only one without quotes may be part of a key with dots, or the length of a list. */
interface Step {
  readonly key: string
  readonly quoted: boolean
}

export type JsonPath = readonly Step[]

/** A step by the form that it is written in: `.name`, `["name"]`, `['name']`, `[0]`. */
const STEP = /\.?\[\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\d+))\s*\]|(\.?)([^.[\]'"*?()]+)/y

const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1')

/**
 * The steps of `$.data[0].name` or `$['a key']["b.c"]`, with or without the `$`; undefined where it is written in a form
 * that finds no single value: wildcards, filters, `..`.
 */
export const readJsonPath = (path: string): JsonPath | undefined => {
  const steps: Step[] = []
  let at = path.startsWith('$') && (path.length === 1 || path[1] === '.' || path[1] === '[') ? 1 : 0
  const start = at
  if (path === '$.') return []
  while (at < path.length) {
    STEP.lastIndex = at
    const found = STEP.exec(path)
    if (!found) return undefined
    const [whole, double, single, index, dot, name] = found
    // Names are parted by dots, but for the first one of a path without `$`.
    if (name !== undefined && dot === '' && at > 0) return undefined
    if (name !== undefined && dot === '.' && at === 0 && start === 0) return undefined
    const key = name ?? index ?? unescaped(double ?? single!)
    steps.push({ key, quoted: double !== undefined || single !== undefined })
    at += whole.length
  }
  return steps
}

const memberOf = (value: unknown, key: string): unknown => {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** The key that the next steps name, joined by dots where there is none by the first alone; and how many they are. */
const dottedKey = (value: unknown, steps: JsonPath, from: number): readonly [string, number] | undefined => {
  if (!isObject(value)) return undefined
  let key = steps[from]!.key
  for (let next = from + 1; next < steps.length && !steps[next]!.quoted && !steps[next - 1]!.quoted; next++) {
    key += `.${steps[next]!.key}`
    if (Object.hasOwn(value, key)) return [key, next - from + 1]
  }
  return undefined
}

/** The value at a path of parsed JSON; undefined where there is none. `length` of a list or a text is how long it is. */
export const valueAtPath = (json: unknown, path: JsonPath): unknown => {
  let value = json
  for (let at = 0; at < path.length; ) {
    const { key, quoted } = path[at]!
    const member = memberOf(value, key)
    const joined = member === undefined ? dottedKey(value, path, at) : undefined
    if (joined) {
      value = memberOf(value, joined[0])
      at += joined[1]
      continue
    }
    const hasLength = key === 'length' && !quoted && (Array.isArray(value) || typeof value === 'string')
    value = hasLength ? (value as unknown[] | string).length : member
    at++
  }
  return value
}

/** True where two values of JSON are the same, whatever the order of their keys. */
export const sameJson = (one: unknown, other: unknown): boolean => {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((value, index) => sameJson(value, other[index]))
  if (!isObject(one) || !isObject(other)) return false
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameJson(one[key], other[key]))
  )
}
