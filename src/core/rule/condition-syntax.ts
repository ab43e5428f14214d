import { isObject } from '#lib/json.ts'
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
  /** Begins with the path; says what would be right. */
  readonly message: string
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

const problem = (path: string, words: string): ConditionProblem => ({ path, message: `${path}: ${words}` })

export const isProblem = (value: object): value is ConditionProblem => 'message' in value

const withoutOperator = (path: string, value: unknown): ConditionProblem => {
  if (Array.isArray(value))
    return problem(path, `${shown(value)} has no operator; write { operator: "in", value: ${shown(value)} }`)
  if (value === null || value === undefined || value === '')
    return problem(path, 'the condition is empty; quote it if it begins with an operator, for example "!= 80"')
  return problem(
    path,
    `${shown(value)} has no operator; write { operator: "==", value: ${shown(value)} } or ${writtenEqual(value)}`,
  )
}

const unknownOperator = (path: string, name: string): ConditionProblem => {
  const folded = name.trim().toLowerCase()
  const meant = OPERATORS.has(folded) ? folded : MEANT.get(folded)
  const right = meant ? `did you mean ${meant}?` : `known are: ${[...OPERATORS.keys()].join(' ')}`
  return problem(path, `${shown(name)} is not an operator, ${right}`)
}

const emptyOperator = (path: string): ConditionProblem =>
  problem(path, 'the operator is empty; quote it, for example operator: "!="')

const missingValue = (path: string, operator: string): ConditionProblem =>
  operator === 'in' || operator === 'not_in'
    ? problem(path, `${operator} needs a list; write ${operator}: ["a", "b"] or "${operator} [a, b]"`)
    : problem(path, `${operator} has no value; write { operator: "${operator}", value: … }, null for nothing`)

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
    if (left-- === 0) return problem(path, `more than ${MOST_CONDITIONS} conditions; split the rule into several`)
    const check = operator.prepare(expected)
    return typeof check === 'function'
      ? { kind: 'check', path, field, read: fieldReader(field), operator, expected, check }
      : problem(path, check.error)
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
    if (further !== undefined)
      return problem(path, `${shown(further)} cannot stand beside operator and value; take it out`)
    if (!Object.hasOwn(pair, 'operator')) return withoutOperator(path, pair.value)
    if (pair.operator === null || pair.operator === undefined) return emptyOperator(path)
    return typeof pair.operator === 'string'
      ? readCheck(path, field, pair.operator, pair.value)
      : unknownOperator(path, String(pair.operator))
  }

  /** `{ ">": 80, "<": 90 }`: all of them hold. */
  const readNamed = (path: string, field: string, named: Record<string, unknown>): ConditionNode | ConditionProblem => {
    const keys = Object.keys(named)
    if (keys.length === 0) return problem(path, 'the condition is empty; write { operator: "==", value: … }')
    const unknown = keys.find((key) => key.trim() !== '' && !OPERATORS.has(key))
    if (unknown !== undefined) {
      const { message } = unknownOperator(path, unknown)
      return { path, message: `${message}; for a field inside of ${field} write ${shown(`${field}.${unknown}`)}` }
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
    if (!Array.isArray(list)) return problem(path, `${kind} takes a list of conditions; write [{ … }, { … }]`)
    if (kind === 'any' && list.length === 0) return problem(path, 'any of nothing never holds; name what may hold')
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
      return problem(path, 'not of {} never holds; name what must not hold')
    return { kind: 'not', path, part }
  }

  const readEntry = (path: string, key: string, value: unknown): ConditionNode | ConditionProblem => {
    if (key === 'all' || key === 'any') return readList(key, `${path}.${key}`, value)
    return key === 'not' ? readNot(`${path}.not`, value) : readField(`${path}.${key}`, key, value)
  }

  const readGroup = (path: string, conditions: unknown): ConditionNode | ConditionProblem => {
    if (Array.isArray(conditions)) return problem(path, 'a list needs all or any before it; write { all: [ … ] }')
    if (!isObject(conditions))
      return problem(
        path,
        `${shown(conditions)} is not a mapping of fields; write { confidence: "> 80" }, {} for always`,
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
