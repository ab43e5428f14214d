import { functions } from '../library/functions.ts'
import { evaluate } from '../run/evaluate.ts'
import type { Run } from '../run/run.ts'
import type { Scope } from '../run/scope.ts'
import type { Expression } from '../syntax/expression.ts'
import { runtimeError, TemplateError } from '../syntax/template-error.ts'
import { isTrue } from '../values/iterate.ts'
import type { Value } from '../values/value.ts'
import type { Definitions } from './definitions.ts'
import { type FlowNames, NEEDS_EVENT, OPEN, type Open } from './flow-names.ts'
import { partsOf } from './walk.ts'

/** A scope of which it is known what depends on the event. */
export interface FlowScope extends Scope {
  readonly names: FlowNames
}

/** How a template is followed. */
export interface Flow {
  readonly run: Run
  readonly definitions: Definitions
  /** Whether lists and mappings stay as they were made. */
  readonly lists: boolean
}

/** What needs the event is open; whatever else is thrown goes on. */
export const orOpen = <Result>(work: () => Result): Result | Open => {
  try {
    return work()
  } catch (error) {
    if (error !== NEEDS_EVENT) throw error
    return OPEN
  }
}

/** A function of the language that stands where a value belongs: an event may have a field of that name. */
const strayFunction = (expression: Expression, { definitions }: Flow): string | undefined =>
  partsOf(expression)
    .filter((part) => expression.kind !== 'call' || part !== expression.of)
    .map((part) => (part.kind === 'name' ? part.name : ''))
    .find((name) => functions.has(name) && !definitions.names.has(name))

const asStray = (error: unknown, expression: Expression, flow: Flow): unknown => {
  const name = error instanceof TemplateError ? strayFunction(expression, flow) : undefined
  if (name === undefined) return error
  const made = runtimeError('function_not_called', { name })
  made.line = (error as TemplateError).line ?? expression.line
  return made
}

/** The value of an expression, as far as it does not depend on the event; its known parts are looked at in any case. */
export const follow = (expression: Expression, scope: FlowScope, flow: Flow): Value | Open => {
  if (expression.kind === 'slice') {
    for (const part of partsOf(expression)) follow(part, scope, flow)
    return OPEN
  }
  let value: Value | Open
  try {
    value = orOpen(() => evaluate(expression, scope, flow.run))
  } catch (error) {
    throw asStray(error, expression, flow)
  }
  if (value === OPEN) lookInside(expression, scope, flow)
  return value
}

/** The parts that may be come to, where the whole depends on the event. */
const lookInside = (expression: Expression, scope: FlowScope, flow: Flow): void => {
  const look = (...parts: readonly (Expression | undefined)[]) => {
    for (const part of parts) if (part) follow(part, scope, flow)
  }
  if (expression.kind === 'and' || expression.kind === 'or') {
    look(expression.left)
    if (truthOf(expression.left, scope, flow) !== (expression.kind === 'or')) look(expression.right)
  } else if (expression.kind === 'if') {
    look(expression.test)
    const truth = truthOf(expression.test, scope, flow)
    if (truth !== false) look(expression.then)
    if (truth !== true) look(expression.otherwise)
  } else look(...partsOf(expression))
}

/** Whether an expression holds; undefined where that depends on the event. */
export const truthOf = (expression: Expression, scope: FlowScope, flow: Flow): boolean | undefined => {
  const { kind } = expression
  if (kind === 'and' || kind === 'or') {
    const decides = kind === 'or'
    const left = truthOf(expression.left, scope, flow)
    if (left === decides) return decides
    const right = truthOf(expression.right, scope, flow)
    if (right === decides) return decides
    return left === undefined ? undefined : right
  }
  if (kind === 'not') {
    const truth = truthOf(expression.of, scope, flow)
    return truth === undefined ? undefined : !truth
  }
  const value = orOpen(() => evaluate(expression, scope, flow.run))
  return value === OPEN ? undefined : isTrue(value)
}
