import { isObject } from '#lib/json.ts'
import { because, type Cause } from '../cause/cause.ts'
import { DETECTION_FIELD, detectionName } from '../event/detection.ts'
import { fieldReader } from './condition-field.ts'
import { limitProblem } from './condition-limits.ts'
import { type Check, OPERATORS, type Operator } from './condition-operators.ts'
import { readCondition, writtenEqual } from './condition-text.ts'
import { shown } from './condition-values.ts'

interface GroupNode {
  readonly kind: 'all' | 'any'
  readonly path: string
  /** False for the fields of one mapping, which belong together without a word. */
  readonly written: boolean
  readonly parts: readonly ConditionNode[]
}

interface NotNode {
  readonly kind: 'not'
  readonly path: string
  readonly part: ConditionNode
}

export interface CheckNode {
  readonly kind: 'check'
  readonly path: string
  readonly field: string
  readonly read: (data: unknown) => unknown
  readonly operator: Operator
  readonly expected: unknown
  readonly check: Check
}

/** Conditions as a tree, each leaf with its comparison prepared. `path` is where it was written. */
export type ConditionNode = GroupNode | NotNode | CheckNode

export interface ConditionProblem {
  readonly path: string
  /** What is wrong, and what would be right. */
  readonly cause: Cause
}

const MOST_CONDITIONS = 200

/** How other languages write the same. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ['=', '=='],
  ['===', '=='],
  ['eq', '=='],
  ['equals', '=='],
  ['!==', '!='],
  ['<>', '!='],
  ['ne', '!='],
  ['=>', '>='],
  ['=<', '<='],
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
  ['not in', 'not_in'],
  ['notin', 'not_in'],
  ['nin', 'not_in'],
  ['regex', 'matches'],
  ['match', 'matches'],
])

const problem = (path: string, cause: Cause): ConditionProblem => ({ path, cause })

/** Whether a condition that was read is what is wrong with it instead. */
export const isProblem = (value: object): value is ConditionProblem => 'cause' in value

const withoutOperator = (path: string, value: unknown): ConditionProblem => {
  if (value === null || value === undefined || value === '')
    return problem(path, because('condition_empty', { example: '"!= 80"' }))
  const said = shown(value)
  return problem(
    path,
    Array.isArray(value)
      ? because('condition_list_without_operator', { value: said, example: `{ operator: "in", value: ${said} }` })
      : because('condition_without_operator', {
          value: said,
          example: `{ operator: "==", value: ${said} }`,
          short: writtenEqual(value),
        }),
  )
}

const unknownOperator = (path: string, name: string): ConditionProblem => {
  const folded = name.trim().toLowerCase()
  const meant = OPERATORS.has(folded) ? folded : MEANT.get(folded)
  return problem(
    path,
    meant
      ? because('operator_meant', { name: shown(name), meant })
      : because('operator_unknown', { name: shown(name), known: [...OPERATORS.keys()].join(' ') }),
  )
}

const emptyOperator = (path: string): ConditionProblem =>
  problem(path, because('operator_empty', { example: 'operator: "!="' }))

const missingValue = (path: string, operator: string): ConditionProblem =>
  operator === 'in' || operator === 'not_in'
    ? problem(path, because('operator_needs_list', { operator, example: `${operator}: ["a", "b"]` }))
    : problem(path, because('operator_without_value', { operator, example: `{ operator: "${operator}", value: … }` }))

/** Reads one set of conditions; `left` counts down the conditions that may still come. */
const createReader = () => {
  let left = MOST_CONDITIONS

  const readCheck = (path: string, field: string, name: string, value: unknown): ConditionNode | ConditionProblem => {
    const operator = OPERATORS.get(name)
    if (name.trim() === '') return emptyOperator(path)
    if (!operator) return unknownOperator(path, name)
    const written = name === 'exists' && value === undefined ? true : value
    if (written === undefined) return missingValue(path, name)
    const expected = field === DETECTION_FIELD ? detectionName(written) : written
    if (left-- === 0) return problem(path, because('too_many_conditions', { most: MOST_CONDITIONS }))
    const check = operator.prepare(expected)
    return typeof check === 'function'
      ? { kind: 'check', path, field, read: fieldReader(field), operator, expected, check }
      : problem(path, check.cause)
  }

  const readText = (path: string, field: string, text: string): ConditionNode | ConditionProblem => {
    const written = readCondition(text)
    if (!written) return withoutOperator(path, text)
    const limit = limitProblem(written.value)
    return limit ? problem(path, limit) : readCheck(path, field, written.operator, written.value)
  }

  /** `{ operator, value }` */
  const readPair = (path: string, field: string, pair: Record<string, unknown>): ConditionNode | ConditionProblem => {
    const further = Object.keys(pair).find((key) => key !== 'operator' && key !== 'value')
    if (further !== undefined) return problem(path, because('beside_operator', { key: shown(further) }))
    if (!Object.hasOwn(pair, 'operator')) return withoutOperator(path, pair.value)
    if (pair.operator === null || pair.operator === undefined) return emptyOperator(path)
    return typeof pair.operator === 'string'
      ? readCheck(path, field, pair.operator, pair.value)
      : unknownOperator(path, String(pair.operator))
  }

  /** `{ ">": 80, "<": 90 }`: all of them hold. */
  const readNamed = (path: string, field: string, named: Record<string, unknown>): ConditionNode | ConditionProblem => {
    const keys = Object.keys(named)
    if (keys.length === 0)
      return problem(path, because('condition_without_parts', { example: '{ operator: "==", value: … }' }))
    const unknown = keys.find((key) => key.trim() !== '' && !OPERATORS.has(key))
    if (unknown !== undefined) {
      const { cause } = unknownOperator(path, unknown)
      return problem(path, because('operator_or_field', { cause, field, example: shown(`${field}.${unknown}`) }))
    }
    return joined(
      path,
      keys.map((key) => () => readCheck(path, field, key, named[key])),
    )
  }

  const readField = (path: string, field: string, value: unknown): ConditionNode | ConditionProblem => {
    if (typeof value === 'string' && value.trim() !== '') return readText(path, field, value)
    if (!isObject(value)) return withoutOperator(path, value)
    const pair = Object.hasOwn(value, 'operator') || Object.hasOwn(value, 'value')
    return pair ? readPair(path, field, value) : readNamed(path, field, value)
  }

  const readList = (kind: 'all' | 'any', path: string, list: unknown): ConditionNode | ConditionProblem => {
    if (!Array.isArray(list)) return problem(path, because('group_needs_list', { kind, example: '[{ … }, { … }]' }))
    if (kind === 'any' && list.length === 0) return problem(path, because('any_of_nothing'))
    const read = joined(
      path,
      list.map((one, index) => () => readGroup(`${path}[${index}]`, one)),
    )
    return isProblem(read) ? read : { ...read, kind, written: true }
  }

  const readNot = (path: string, value: unknown): ConditionNode | ConditionProblem => {
    const part = readGroup(path, value)
    if (isProblem(part)) return part
    if (part.kind === 'all' && part.parts.length === 0)
      return problem(path, because('not_of_nothing', { nothing: '{}' }))
    return { kind: 'not', path, part }
  }

  const readEntry = (path: string, key: string, value: unknown): ConditionNode | ConditionProblem => {
    if (key === 'all' || key === 'any') return readList(key, `${path}.${key}`, value)
    return key === 'not' ? readNot(`${path}.not`, value) : readField(`${path}.${key}`, key, value)
  }

  const readGroup = (path: string, conditions: unknown): ConditionNode | ConditionProblem => {
    if (Array.isArray(conditions)) return problem(path, because('list_without_word', { example: '{ all: [ … ] }' }))
    if (!isObject(conditions))
      return problem(
        path,
        because('no_fields', { value: shown(conditions), example: '{ confidence: "> 80" }', nothing: '{}' }),
      )
    return joined(
      path,
      Object.entries(conditions).map(
        ([key, value]) =>
          () =>
            readEntry(path, key, value),
      ),
    )
  }

  return readGroup
}

/** All of the parts, up to the first problem. */
const joined = (
  path: string,
  readers: readonly (() => ConditionNode | ConditionProblem)[],
): GroupNode | ConditionProblem => {
  const parts: ConditionNode[] = []
  for (const read of readers) {
    const part = read()
    if (isProblem(part)) return part
    parts.push(part)
  }
  return { kind: 'all', path, written: false, parts }
}

/** Reads conditions in any of their forms; the first problem found is returned as a value. */
export const readConditions = (conditions: unknown, path = 'conditions'): ConditionNode | ConditionProblem => {
  const limit = limitProblem(conditions)
  return limit ? problem(path, limit) : createReader()(path, conditions)
}
