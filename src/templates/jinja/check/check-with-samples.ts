import { isDeepStrictEqual } from 'node:util'
import { filters } from '../library/filters/index.ts'
import { evaluate } from '../run/evaluate.ts'
import type { Run } from '../run/run.ts'
import { fromJson } from '../run/scope.ts'
import type { Arguments, Expression } from '../syntax/expression.ts'
import { TemplateError } from '../syntax/template-error.ts'
import { isText, Tuple, type Value } from '../values/value.ts'
import type { Definitions } from './definitions.ts'
import { isKnown } from './known.ts'

/** Values such as facts bring. */
const FACTS = [
  'a text of several words '.repeat(20),
  5,
  2.5,
  true,
  null,
  [3, 1, 2],
  ['b', 'a'],
  [{ a: 1, b: 'x' }],
  { a: 1 },
  '5',
  'x',
]
/** No fact is a tuple, but what a template makes may be one. */
const LARGEST_TUPLE = 6
const samples = (tuples: boolean): readonly Value[] => [
  ...FACTS.map(fromJson),
  ...Array.from(
    { length: tuples ? LARGEST_TUPLE : 0 },
    (_, count) => new Tuple(Array.from({ length: count }, () => 5)),
  ),
]

type Fill = (value: Value) => Expression

/** The expression with a sample in place of each part that is not known. */
const filling = (expression: Expression, definitions: Definitions): Fill | undefined => {
  const fill = (part: Expression, value: Value): Expression => {
    if (isKnown(part, definitions)) return part
    if (part.kind === 'tuple') return { ...part, items: part.items.map((item) => fill(item, value)) }
    return { kind: 'constant', line: part.line, value }
  }
  const knows = (parts: readonly Expression[]) => parts.every((part) => isKnown(part, definitions))
  const isPattern = (part: Expression | undefined): part is Expression =>
    part?.kind === 'constant' && part.value !== null && isText(part.value)
  if (expression.kind === 'binary' && expression.operator === '%' && isPattern(expression.left))
    return (value) => ({ ...expression, right: fill(expression.right, value) })
  if ((expression.kind !== 'filter' && expression.kind !== 'call') || expression.spread || expression.spreadNamed)
    return undefined
  const { args, named, of } = expression
  const filled = (value: Value): Pick<Arguments, 'args' | 'named'> => ({
    args: args.map((one) => fill(one, value)),
    named: named.map((one) => ({ ...one, value: fill(one.value, value) })),
  })
  if (expression.kind === 'call')
    return of?.kind === 'attribute' && of.name !== 'format_map' && isPattern(of.of)
      ? (value) => ({ ...expression, ...filled(value) })
      : undefined
  if (expression.name === 'format') return isPattern(of) ? (value) => ({ ...expression, ...filled(value) }) : undefined
  const judged = filters.get(expression.name)?.params !== undefined && of !== undefined
  if (!judged || !knows([...args, ...named.map((one) => one.value)])) return undefined
  return (value) => ({ ...expression, of: fill(of, value) })
}

/** Whether a part that is not known can only be a fact: a name that the template does not set. */
const isFact = (expression: Expression, { names }: Definitions): boolean =>
  expression.kind === 'binary' && expression.right.kind === 'name' && !names.has(expression.right.name)

/**
 * What no value at all can be right for, such as a format with more places than values: refused when all samples fail for
 * the same reason.
 */
export const checkWithSamples = (expression: Expression, definitions: Definitions, run: Run): void => {
  const fill = filling(expression, definitions)
  if (!fill) return
  let reason: TemplateError | undefined
  for (const value of samples(!isFact(expression, definitions))) {
    try {
      evaluate(fill(value), run.top, run)
      return
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      if (reason && !isDeepStrictEqual(reason.fault, error.fault)) return
      reason = error
    }
  }
  if (reason) throw reason
}
