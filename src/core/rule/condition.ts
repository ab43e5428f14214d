import { because, type Cause } from '../cause/cause.ts'
import { type Answer, negated } from './condition-operators.ts'
import {
  type CheckNode,
  type ConditionNode,
  type ConditionProblem,
  isProblem,
  readConditions,
} from './condition-syntax.ts'
import { shown } from './condition-values.ts'

/** What one condition found, for `explain`. Long values are shown shortened, as text. */
export interface ConditionStep {
  /** Where it was written: `conditions.any[0].confidence`. */
  readonly path: string
  /** Null for `all`, `any` and `not`, which look at no field of their own. */
  readonly field: string | null
  readonly operator: string
  readonly expected: string | null
  /** Null when the field is missing. */
  readonly actual: string | null
  readonly passed: boolean
  readonly cause: Cause
}

interface ConditionTrace {
  readonly passed: boolean
  /** In the order in which they were written; a group comes after its parts. */
  readonly steps: readonly ConditionStep[]
}

export type CompiledConditions =
  | {
      readonly ok: true
      /** True when the data matches. Never throws. */
      test(data: unknown): boolean
      /** A field that must have one of these values (texts, numbers, booleans, null); undefined when none must. */
      readonly needs: { readonly field: string; readonly values: readonly unknown[] } | undefined
      /** The same verdict, with the reason of every condition. */
      explain(data: unknown): ConditionTrace
    }
  | ({ readonly ok: false } & ConditionProblem)

/**
 * Three values: what cannot be compared is neither true nor false, so `not` keeps it, and a group needs it decided
 * only where the other parts do not settle the matter. In any order, with the same result.
 */
const combine = {
  all: (answers: readonly Answer[]): Answer =>
    answers.includes(false) ? false : answers.includes('incomparable') ? 'incomparable' : true,
  any: (answers: readonly Answer[]): Answer =>
    answers.includes(true) ? true : answers.includes('incomparable') ? 'incomparable' : false,
}

type Judge = (data: unknown) => Answer

/**
 * Stops as soon as the outcome is settled. What settled it for this event is asked first about the next one, which is
 * probably like it; the order makes no difference to the outcome.
 */
const judgeGroup = (settles: boolean, parts: readonly Judge[]): Judge => {
  if (parts.length === 1) return parts[0]!
  const judges = [...parts]
  return (data) => {
    let answer: Answer = !settles
    for (let index = 0; index < judges.length; index++) {
      const judge = judges[index]!
      const one = judge(data)
      if (one === settles) {
        if (index > 0) {
          judges[index] = judges[0]!
          judges[0] = judge
        }
        return settles
      }
      if (one === 'incomparable') answer = one
    }
    return answer
  }
}

const judgeOf = (node: ConditionNode): Judge => {
  if (node.kind === 'check') {
    const { read, check } = node
    return (data) => check(read(data) ?? null)
  }
  if (node.kind !== 'not') return judgeGroup(node.kind === 'any', node.parts.map(judgeOf))
  const judge = judgeOf(node.part)
  return (data) => negated(judge(data))
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null

/** The values without which a condition cannot hold: those of `==`, or of `in` with a list. */
const neededBy = ({ operator, expected }: CheckNode): readonly unknown[] | undefined => {
  const values = operator.name === '==' ? [expected] : operator.name === 'in' && Array.isArray(expected) ? expected : []
  return values.length > 0 && values.every(isScalar) ? values : undefined
}

/** Found in conditions that must all hold; the fewest values say the most. */
const needsOf = (node: ConditionNode): { field: string; values: readonly unknown[] } | undefined => {
  if (node.kind === 'check') {
    const values = neededBy(node)
    return values && { field: node.field, values }
  }
  if (node.kind !== 'all') return undefined
  const needs = node.parts.map(needsOf).filter((one) => one !== undefined)
  return needs.toSorted((a, b) => a.values.length - b.values.length)[0]
}

const kindOf = (value: unknown): Cause => {
  if (value === null || value === undefined) return because('nothing')
  if (Array.isArray(value)) return because('kind_list')
  if (typeof value === 'object') return because('kind_mapping')
  if (typeof value === 'string') return because('kind_text')
  return because(typeof value === 'boolean' ? 'kind_boolean' : 'kind_number')
}

/** What one condition found; the value of a field is shown as data is, in every language. */
const found = ({ field, operator, expected }: CheckNode, actual: unknown, answer: Answer): Cause => {
  const value = actual === undefined ? because('field_missing') : shown(actual)
  if (operator.name === 'exists') return because('field_is', { field, value })
  if (answer !== 'incomparable') {
    const relation = because(answer ? operator.holds : operator.fails)
    return because('field_compares', { field, value, relation, expected: shown(expected) })
  }
  return because('field_incomparable', {
    field,
    value,
    kind: kindOf(actual),
    operator: operator.name,
    expected: shown(expected),
    expected_kind: kindOf(expected),
  })
}

const foundByGroup = (kind: 'all' | 'any' | 'not', answers: readonly Answer[]): Cause => {
  const held = answers.filter((answer) => answer === true).length
  if (kind !== 'not') return because(kind === 'all' ? 'all_needed' : 'one_needed', { held, count: answers.length })
  if (answers[0] === 'incomparable') return because('denied_incomparable')
  return because(held === 1 ? 'denied_holds' : 'denied_fails')
}

const explainNode = (node: ConditionNode, data: unknown, steps: ConditionStep[]): Answer => {
  if (node.kind === 'check') {
    const actual = node.read(data)
    const answer = node.check(actual ?? null)
    steps.push({
      path: node.path,
      field: node.field,
      operator: node.operator.name,
      expected: shown(node.expected),
      actual: actual === undefined ? null : shown(actual),
      passed: answer === true,
      cause: found(node, actual, answer),
    })
    return answer
  }
  const parts = node.kind === 'not' ? [node.part] : node.parts
  const answers = parts.map((part) => explainNode(part, data, steps))
  const answer = node.kind === 'not' ? negated(answers[0]!) : combine[node.kind](answers)
  if (node.kind === 'not' || node.written)
    steps.push({
      path: node.path,
      field: null,
      operator: node.kind,
      expected: null,
      actual: null,
      passed: answer === true,
      cause: foundByGroup(node.kind, answers),
    })
  return answer
}

/**
 * Prepares conditions once, at save. Forms: `{ field: { operator, value } }`, `{ field: { ">": 80 } }`,
 * `{ field: "> 80" }`, and `all`, `any`, `not` around further conditions; all entries of a mapping must hold, `{}` always
 * does. Where two values cannot be compared, as text with a number, the whole rule does not match. Never throws: what
 * is wrong comes back with its path and the right form.
 */
export const compileConditions = (conditions: unknown): CompiledConditions => {
  const node = readConditions(conditions)
  if (isProblem(node)) return { ok: false, ...node }
  const judge = judgeOf(node)
  return {
    ok: true,
    test: (data) => judge(data) === true,
    needs: needsOf(node),
    explain: (data) => {
      const steps: ConditionStep[] = []
      return { passed: explainNode(node, data, steps) === true, steps }
    },
  }
}
