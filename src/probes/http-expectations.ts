import type { Cause } from '#core/cause/cause.ts'
import { because, type Fact } from '#core/cause/cause.ts'
import type { ProbeError } from '#core/result/result.ts'
import { type Said, says } from '#core/said.ts'
import { readJsonPath, sameJson, valueAtPath } from '#lib/json-path.ts'
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
  return regex.ok ? (text) => regex.value.test(text) : () => false
}

/** What is wrong with an expectation, for the configuration; undefined when nothing is. */
export const expectationProblem = (expected: string): Cause | undefined => {
  const written = /^\/(.+)\/([ims]*)$/s.exec(expected)
  const regex = written && linearRegex(written[1]!, written[2])
  return regex && !regex.ok ? regex.problem : undefined
}

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

const NUMBER = /^\s*-?\d+(\.\d+)?([eE][+-]?\d+)?\s*$/

/** A number, also one that is written as a text: many services write theirs so. */
const numberOf = (value: unknown): number =>
  typeof value === 'number' ? value : typeof value === 'string' && NUMBER.test(value) ? Number(value) : Number.NaN

/** `expected` is a value to equal, or a text with an operator: `"> 80"`, `"!= error"`. */
const holds = (actual: unknown, expected: unknown): boolean => {
  const written = comparison(expected)
  if (!written) return sameJson(actual, expected)
  const [, operator, text] = written
  const value = literal(text!)
  if (operator === '==') return sameJson(actual, value)
  if (operator === '!=') return !sameJson(actual, value)
  return OPERATORS[operator!]!(numberOf(actual), numberOf(value))
}

/** What is wrong with expectations of JSON, which could never hold; undefined when nothing is. */
export const jsonProblem = (json: Readonly<Record<string, unknown>>): Said | undefined => {
  for (const [path, expected] of Object.entries(json)) {
    if (!readJsonPath(path))
      return says(
        `json: ${path} is no path of one value; write $.a.b, $.list[0], $['a key'] or $.list.length`,
        `json: ${path} no es la ruta de un valor; escriba $.a.b, $.lista[0], $['una clave'] o $.lista.length`,
      )
    const [, operator = '', text = ''] = comparison(expected) ?? []
    if (Object.hasOwn(OPERATORS, operator) && !NUMBER.test(text))
      return says(
        `json: ${path}: ${operator} compares with a number, and "${text}" is none`,
        `json: ${path}: ${operator} compara con un número, y "${text}" no lo es`,
      )
  }
  return undefined
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

/** A body as text, and whether it is only the beginning of one. */
export interface ReadBody {
  readonly text: string
  readonly cut: boolean
}

const textProblem = ({ text }: ReadBody, { contains, not_contains }: BodyExpectations): ProbeError | undefined => {
  if (contains !== undefined && !finder(contains)(text))
    return { code: 'keyword_missing', cause: because('keyword_missing', { text: shown(contains) }) }
  if (not_contains !== undefined && finder(not_contains)(text))
    return { code: 'keyword_present', cause: because('keyword_present', { text: shown(not_contains) }) }
  return undefined
}

const jsonMismatch = (text: string, json: Readonly<Record<string, unknown>>): ProbeError | undefined => {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return { code: 'json_mismatch', cause: because('not_json') }
  }
  for (const [path, expected] of Object.entries(json)) {
    const found = valueAtPath(parsed, readJsonPath(path) ?? [])
    if (holds(found, expected)) continue
    const wanted = typeof expected === 'string' && comparison(expected) ? expected : shown(expected)
    return { code: 'json_mismatch', cause: because('json_mismatch', { path, found: shown(found), expected: wanted }) }
  }
  return undefined
}

/**
 * What a body lacks; undefined when it is as expected, `too long` where its beginning does not tell: what is found in it
 * counts, and what is not found may come later.
 */
export const bodyProblem = (body: ReadBody, wanted: BodyExpectations): ProbeError | 'too long' | undefined => {
  const problem = textProblem(body, wanted)
  if (!body.cut || problem?.code === 'keyword_present')
    return problem ?? (wanted.json && jsonMismatch(body.text, wanted.json))
  const found = !problem && wanted.not_contains === undefined && wanted.json === undefined
  return found ? undefined : 'too long'
}
