import type { Arguments, Expression } from '../syntax/expression.ts'
import type { Body, Statement } from '../syntax/statement.ts'

const inArguments = ({ args, named, spread, spreadNamed }: Arguments): readonly Expression[] => [
  ...args,
  ...named.map(({ value }) => value),
  ...(spread ? [spread] : []),
  ...(spreadNamed ? [spreadNamed] : []),
]
const those = (...all: readonly (Expression | undefined)[]): readonly Expression[] =>
  all.filter((one) => one !== undefined)

/** The expressions that an expression is made of. */
export const partsOf = (expression: Expression): readonly Expression[] => {
  const parts: {
    readonly [Kind in Expression['kind']]: (one: Extract<Expression, { kind: Kind }>) => readonly Expression[]
  } = {
    constant: () => [],
    name: () => [],
    list: ({ items }) => items,
    tuple: ({ items }) => items,
    dict: ({ pairs }) => pairs.flat(),
    concat: ({ parts: all }) => all,
    binary: ({ left, right }) => [left, right],
    and: ({ left, right }) => [left, right],
    or: ({ left, right }) => [left, right],
    not: ({ of }) => [of],
    sign: ({ of }) => [of],
    compare: ({ first, rest }) => [first, ...rest.map(({ value }) => value)],
    if: ({ test, then, otherwise }) => those(test, then, otherwise),
    attribute: ({ of }) => [of],
    item: ({ of, key }) => [of, key],
    slice: ({ start, stop, step }) => those(start, stop, step),
    call: (one) => [one.of, ...inArguments(one)],
    filter: (one) => [...those(one.of), ...inArguments(one)],
    test: (one) => [one.of, ...inArguments(one)],
  }
  return parts[expression.kind](expression as never)
}

interface Within {
  readonly expressions: readonly Expression[]
  readonly bodies: readonly Body[]
}

/** What a statement is made of. */
export const insideOf = (statement: Statement): Within => {
  const inside: { readonly [Kind in Statement['kind']]: (one: Extract<Statement, { kind: Kind }>) => Within } = {
    text: () => ({ expressions: [], bodies: [] }),
    print: ({ value }) => ({ expressions: [value], bodies: [] }),
    for: ({ over, only, body, otherwise }) => ({ expressions: those(over, only), bodies: [body, otherwise] }),
    if: ({ branches, otherwise }) => ({
      expressions: branches.map(({ test }) => test),
      bodies: [...branches.map(({ body }) => body), otherwise],
    }),
    set: ({ value }) => ({ expressions: [value], bodies: [] }),
    capture: ({ filter, body }) => ({ expressions: those(filter), bodies: [body] }),
    with: ({ pairs, body }) => ({ expressions: pairs.map(({ value }) => value), bodies: [body] }),
    macro: ({ params, body }) => ({ expressions: those(...params.map(({ byDefault }) => byDefault)), bodies: [body] }),
    callBlock: ({ params, call, body }) => ({
      expressions: [call, ...those(...params.map(({ byDefault }) => byDefault))],
      bodies: [body],
    }),
    filterBlock: ({ filter, body }) => ({ expressions: [filter], bodies: [body] }),
    block: ({ body }) => ({ expressions: [], bodies: [body] }),
    autoescape: ({ on, body }) => ({ expressions: [on], bodies: [body] }),
  }
  return inside[statement.kind](statement as never)
}
