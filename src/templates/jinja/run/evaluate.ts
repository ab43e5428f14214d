import { getAttribute, getItem, getSlice } from '../library/access.ts'
import { operate } from '../library/arithmetic.ts'
import { contains } from '../library/contains.ts'
import { FUNCTION_TEXTS, functions } from '../library/functions.ts'
import { callNative } from '../library/native.ts'
import type { Arguments, CompareOperator, Expression, ExpressionKind, ExpressionOf } from '../syntax/expression.ts'
import { runtimeError, TemplateError } from '../syntax/template-error.ts'
import { compareValues, isEqual } from '../values/compare.ts'
import { isTrue, toList } from '../values/iterate.ts'
import { calculate, negate, unsupported } from '../values/number.ts'
import { bounded, toHtml, toText } from '../values/text.ts'
import { Callable, Dict, type Given, Live, Markup, Tuple, typeName, Undefined, type Value } from '../values/value.ts'
import type { Run } from './run.ts'
import { lookUp, type Scope } from './scope.ts'

type Evaluate<Kind extends ExpressionKind> = (expression: ExpressionOf<Kind>, scope: Scope, run: Run) => Value

const COMPARE: Readonly<Record<CompareOperator, (left: Value, right: Value) => boolean>> = {
  '==': (left, right) => isEqual(left, right),
  '!=': (left, right) => !isEqual(left, right),
  '<': (left, right) => compareValues(left, right, '<') < 0,
  '<=': (left, right) => compareValues(left, right, '<=') <= 0,
  '>': (left, right) => compareValues(left, right, '>') > 0,
  '>=': (left, right) => compareValues(left, right, '>=') >= 0,
  in: (left, right) => contains(right, left),
  'not in': (left, right) => !contains(right, left),
}

/** The values of the arguments of a call. */
export const givenOf = ({ args, named, spread, spreadNamed }: Arguments, scope: Scope, run: Run): Given => {
  const values = args.map((one) => evaluate(one, scope, run))
  if (named.length === 0 && !spread && !spreadNamed) return { args: values, named: NONE }
  const names = new Map(named.map(({ name, value }) => [name, evaluate(value, scope, run)]))
  if (spread) for (const item of toList(evaluate(spread, scope, run))) values.push(item)
  const more = spreadNamed && evaluate(spreadNamed, scope, run)
  if (more && !(more instanceof Dict)) throw runtimeError('mapping_needed', { called: '**' })
  if (more instanceof Dict) for (const [key, value] of more.entries()) names.set(toText(key), value)
  return { args: values, named: names }
}
const NONE: ReadonlyMap<string, Value> = new Map()

/** How an expression is called in a sentence. */
const nameOf = (expression: Expression): string =>
  expression.kind === 'name' || expression.kind === 'attribute' || expression.kind === 'filter'
    ? expression.name
    : 'this'

const call: Evaluate<'call'> = (expression, scope, run) => {
  const of = evaluate(expression.of, scope, run)
  const given = givenOf(expression, scope, run)
  if (of instanceof Callable || (of instanceof Live && of.call)) return of.call!(given)
  const name = nameOf(expression.of)
  throw of instanceof Undefined
    ? runtimeError('not_there_to_call', { name })
    : runtimeError('not_callable', { name, type: typeName(of) })
}

const name: Evaluate<'name'> = ({ name: wanted }, scope, run) => {
  const own = lookUp(scope, wanted)
  const value = own === undefined ? run.facts(wanted) : own
  if (value !== undefined) return value
  const native = functions.get(wanted)
  if (!native) return new Undefined(wanted)
  const call = (given: Given) => callNative(wanted, native, null, given, run.rendering)
  return new Callable(wanted, call, undefined, FUNCTION_TEXTS.get(wanted))
}

const binary: Evaluate<'binary'> = ({ operator, left, right }, scope, run) => {
  const a = evaluate(left, scope, run)
  const b = evaluate(right, scope, run)
  const result = calculate(operator, a, b) ?? operate(operator, a, b)
  if (result === undefined) throw unsupported(operator, a, b)
  return result
}

const concat: Evaluate<'concat'> = ({ parts }, scope, run) => {
  const values = parts.map((part) => evaluate(part, scope, run))
  const html = run.rendering.autoescape && values.some((value) => value instanceof Markup)
  const text = bounded(values.map((value) => (html ? toHtml(value).text : toText(value))).join(''))
  run.rendering.spend(text.length / 100)
  return html ? new Markup(text) : text
}

const compare: Evaluate<'compare'> = ({ first, rest }, scope, run) => {
  let left = evaluate(first, scope, run)
  for (const { operator, value } of rest) {
    const right = evaluate(value, scope, run)
    if (!COMPARE[operator](left, right)) return false
    left = right
  }
  return true
}

const slice = (
  { start, stop, step }: ExpressionOf<'slice'>,
  scope: Scope,
  run: Run,
): readonly [Value, Value, Value] => {
  const one = (bound: Expression | undefined) => (bound ? evaluate(bound, scope, run) : null)
  return [one(start), one(stop), one(step)]
}

const EVALUATE: { readonly [Kind in ExpressionKind]: Evaluate<Kind> } = {
  constant: ({ value }) => value,
  name,
  list: ({ items }, scope, run) => items.map((item) => evaluate(item, scope, run)),
  tuple: ({ items }, scope, run) => new Tuple(items.map((item) => evaluate(item, scope, run))),
  dict: ({ pairs }, scope, run) =>
    Dict.of(pairs.map(([key, value]) => [evaluate(key, scope, run), evaluate(value, scope, run)] as const)),
  concat,
  binary,
  and: ({ left, right }, scope, run) => {
    const value = evaluate(left, scope, run)
    return isTrue(value) ? evaluate(right, scope, run) : value
  },
  or: ({ left, right }, scope, run) => {
    const value = evaluate(left, scope, run)
    return isTrue(value) ? value : evaluate(right, scope, run)
  },
  not: ({ of }, scope, run) => !isTrue(evaluate(of, scope, run)),
  sign: ({ sign, of }, scope, run) => {
    const value = evaluate(of, scope, run)
    const result = sign === '-' ? negate(value) : calculate('+', value, 0)
    if (result === undefined) throw unsupported(sign, value, value)
    return sign === '+' && typeof value !== 'boolean' ? value : result
  },
  compare,
  if: ({ test, then, otherwise }, scope, run) => {
    if (isTrue(evaluate(test, scope, run))) return evaluate(then, scope, run)
    return otherwise ? evaluate(otherwise, scope, run) : new Undefined('else')
  },
  attribute: ({ of, name: attribute }, scope, run) => getAttribute(evaluate(of, scope, run), attribute, run.rendering),
  item: ({ of, key }, scope, run) => {
    const value = evaluate(of, scope, run)
    return key.kind === 'slice'
      ? getSlice(value, slice(key, scope, run))
      : getItem(value, evaluate(key, scope, run), run.rendering)
  },
  slice: () => {
    throw runtimeError('slice_of_parts')
  },
  call,
  filter: ({ of, name: filter, ...given }, scope, run) =>
    run.rendering.filter(filter, of ? evaluate(of, scope, run) : null, givenOf(given, scope, run)),
  test: ({ of, name: test, ...given }, scope, run) =>
    run.rendering.test(test, evaluate(of, scope, run), givenOf(given, scope, run)),
}

/** The value of an expression. Throws a TemplateError, with the line of the innermost part that fails. */
export const evaluate = (expression: Expression, scope: Scope, run: Run): Value => {
  run.rendering.spend(1)
  try {
    return (EVALUATE[expression.kind] as Evaluate<ExpressionKind>)(expression as never, scope, run)
  } catch (error) {
    if (error instanceof TemplateError) error.line ??= expression.line
    throw error
  }
}
