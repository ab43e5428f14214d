import { because, type Fact } from '#core/cause/cause.ts'
import type { ProbeError } from '#core/result/result.ts'
import { type Said, says } from '#core/said.ts'
import { isObject } from '#lib/json.ts'
import { linearRegex } from '#lib/text/regex.ts'

/** True when a status is among `2xx`, `200-299`, `301`, alone or in a list. */
export const statusMatches = (status: number, expected: readonly (string | number)[]): boolean =>
  expected.some((one) => {
    const text = String(one)
    if (/^[1-5]xx$/i.test(text)) return Math.floor(status / 100) === Number(text[0])
    const [from, to = from] = text.split('-').map(Number)
    return status >= from! && status <= to!
  })

/** A text, or `/pattern/flags` for a regular expression. */
const finder = (expected: string): ((text: string) => boolean) => {
  const written = /^\/(.+)\/([ims]*)$/s.exec(expected)
  if (!written) return (text) => text.includes(expected)
  const regex = linearRegex(written[1]!, written[2])
  return 'error' in regex ? () => false : (text) => regex.test(text)
}

/** What is wrong with an expectation, for the configuration; undefined when nothing is. */
export const expectationProblem = (expected: string): Said | undefined => {
  const written = /^\/(.+)\/([ims]*)$/s.exec(expected)
  const regex = written && linearRegex(written[1]!, written[2])
  if (!regex || !('error' in regex)) return undefined
  return says(regex.error, `${written[0]} no es una expresión regular que se pueda usar (RE2): ${regex.error}`)
}

/** Steps of a path: `$.data[0].name`, with or without the `$`. */
const pathSteps = (path: string): string[] =>
  path
    .replace(/^\$\.?/, '')
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((step) => step !== '')

/** The value at a path of parsed JSON; undefined when there is none. */
const valueAt = (json: unknown, path: string): unknown =>
  pathSteps(path).reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)]
    return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
  }, json)

const OPERATORS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
}

const comparison = (expected: unknown) =>
  typeof expected === 'string' ? /^(>=|<=|==|!=|>|<)\s*(.*)$/s.exec(expected) : null

const literal = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** `expected` is a value to equal, or a text with an operator: `"> 80"`, `"!= error"`. */
const holds = (actual: unknown, expected: unknown): boolean => {
  const written = comparison(expected)
  if (!written) return JSON.stringify(actual) === JSON.stringify(expected)
  const [, operator, text] = written
  const value = literal(text!)
  if (operator === '==') return JSON.stringify(actual) === JSON.stringify(value)
  if (operator === '!=') return JSON.stringify(actual) !== JSON.stringify(value)
  return typeof actual === 'number' && typeof value === 'number' && OPERATORS[operator!]!(actual, value)
}

export interface BodyExpectations {
  readonly contains?: string | undefined
  readonly not_contains?: string | undefined
  readonly json?: Readonly<Record<string, unknown>> | undefined
}

export const needsBody = ({ contains, not_contains, json }: BodyExpectations): boolean =>
  contains !== undefined || not_contains !== undefined || json !== undefined

const shown = (value: unknown): Fact => {
  const text = JSON.stringify(value)
  if (text === undefined) return because('nothing')
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

/** What a body lacks; undefined when it is as expected. */
export const bodyProblem = (
  body: string,
  { contains, not_contains, json }: BodyExpectations,
): ProbeError | undefined => {
  if (contains !== undefined && !finder(contains)(body))
    return { code: 'keyword_missing', cause: because('keyword_missing', { text: shown(contains) }) }
  if (not_contains !== undefined && finder(not_contains)(body))
    return { code: 'keyword_present', cause: because('keyword_present', { text: shown(not_contains) }) }
  if (json === undefined) return undefined
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return { code: 'json_mismatch', cause: because('not_json') }
  }
  for (const [path, expected] of Object.entries(json)) {
    const found = valueAt(parsed, path)
    if (holds(found, expected)) continue
    const wanted = typeof expected === 'string' && comparison(expected) ? expected : shown(expected)
    return { code: 'json_mismatch', cause: because('json_mismatch', { path, found: shown(found), expected: wanted }) }
  }
  return undefined
}
