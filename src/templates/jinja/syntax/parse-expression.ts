import type { Arguments, BinaryOperator, CompareOperator, Expression } from './expression.ts'
import { parseArguments } from './parse-arguments.ts'
import { type InnerParsers, parsePrimary } from './parse-primary.ts'
import { syntaxError, tooDeep } from './template-error.ts'
import { faultOf } from './template-faults.ts'
import type { TokenStream } from './token-stream.ts'

// Jinja2's grammar of expressions, from what binds least to what binds most.

/** Links of one chain (`1 + 1 + …`, `a|b|c…`): each is a level of the tree. */
const LONGEST_CHAIN = 500

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])

/** Reads what `read` gives, then folds further links onto it for as long as there are any. */
const chain = (
  stream: TokenStream,
  first: Expression,
  link: (left: Expression) => Expression | undefined,
): Expression => {
  let left = first
  for (let links = 0; ; links++) {
    if (links > LONGEST_CHAIN) throw tooDeep(stream.current().line)
    const more = link(left)
    if (!more) return left
    left = more
  }
}

/** A constant, a name, or something in brackets. */
export const parsePlain = (stream: TokenStream): Expression => parsePrimary(stream, INNER)

export const parseExpression = (stream: TokenStream): Expression => stream.deeper(() => parseConditional(stream))

const parseConditional = (stream: TokenStream): Expression =>
  chain(stream, parseOr(stream), (then) => {
    const { line } = stream.current()
    if (!stream.skipIf('if', 'name')) return undefined
    const test = parseOr(stream)
    const otherwise = stream.skipIf('else', 'name') ? parseExpression(stream) : undefined
    return { kind: 'if', line, test, then, otherwise }
  })

/** An expression in which `if` ends it, as in the head of a loop. */
export const parseOr = (stream: TokenStream): Expression =>
  chain(stream, parseAnd(stream), (left) => {
    const { line } = stream.current()
    return stream.skipIf('or', 'name') ? { kind: 'or', line, left, right: parseAnd(stream) } : undefined
  })

const parseAnd = (stream: TokenStream): Expression =>
  chain(stream, parseNot(stream), (left) => {
    const { line } = stream.current()
    return stream.skipIf('and', 'name') ? { kind: 'and', line, left, right: parseNot(stream) } : undefined
  })

const parseNot = (stream: TokenStream): Expression => {
  const { line } = stream.current()
  if (!stream.skipIf('not', 'name')) return parseCompare(stream)
  return { kind: 'not', line, of: stream.deeper(() => parseNot(stream)) }
}

const comparison = (stream: TokenStream): CompareOperator | undefined => {
  const { kind, text } = stream.current()
  if (kind === 'operator' && COMPARISONS.has(text)) return stream.next().text as CompareOperator
  if (stream.skipIf('in', 'name')) return 'in'
  if (!stream.is('not', 'name') || stream.look().text !== 'in' || stream.look().kind !== 'name') return undefined
  stream.next()
  stream.next()
  return 'not in'
}

const parseCompare = (stream: TokenStream): Expression => {
  const { line } = stream.current()
  const first = parseSum(stream)
  const rest: { operator: CompareOperator; value: Expression }[] = []
  for (let operator = comparison(stream); operator !== undefined; operator = comparison(stream)) {
    rest.push({ operator, value: parseSum(stream) })
  }
  return rest.length === 0 ? first : { kind: 'compare', line, first, rest }
}

const binary =
  (operators: readonly BinaryOperator[], parse: (stream: TokenStream) => Expression) =>
  (stream: TokenStream): Expression =>
    chain(stream, parse(stream), (left) => {
      const { kind, text, line } = stream.current()
      const operator = kind === 'operator' ? operators.find((one) => one === text) : undefined
      if (operator === undefined) return undefined
      stream.next()
      return { kind: 'binary', line, operator, left, right: parse(stream) }
    })

const parsePower = (stream: TokenStream): Expression => signFirst(binary(['**'], (inner) => parseUnary(inner))(stream))
const parseProduct = binary(['*', '/', '//', '%'], parsePower)
/** Jinja2 has `-7 ** x` of a fact x as Python reads it, `-(7 ** x)`; with two numbers it takes the sign first. */
const signFirst = (power: Expression): Expression => {
  if (power.kind !== 'binary' || power.left.kind !== 'sign' || power.left.of.kind !== 'constant') return power
  if (power.left.sign === '+' || power.right.kind === 'constant') return power
  return { ...power.left, of: { ...power, left: power.left.of } }
}
const parseConcat = (stream: TokenStream): Expression => {
  const { line } = stream.current()
  const parts = [parseProduct(stream)]
  while (stream.skipIf('~')) parts.push(parseProduct(stream))
  return parts.length === 1 ? parts[0]! : { kind: 'concat', line, parts }
}
const parseSum = binary(['+', '-'], parseConcat)

const parseUnary = (stream: TokenStream, filtered = true): Expression => {
  const { line } = stream.current()
  const sign = (['+', '-'] as const).find((one) => stream.skipIf(one))
  const plain: Expression =
    sign === undefined
      ? parsePlain(stream)
      : { kind: 'sign', line, sign, of: stream.deeper(() => parseUnary(stream, false)) }
  const whole = parsePostfix(stream, plain)
  return filtered ? parseFilters(stream, whole) : whole
}

/** Attributes, items and calls. */
const parsePostfix = (stream: TokenStream, first: Expression): Expression =>
  chain(stream, first, (of) => {
    if (stream.is('.')) return parseAttribute(stream, of)
    if (stream.is('[')) return parseItem(stream, of)
    return parseCall(stream, of)
  })

const parseCall = (stream: TokenStream, of: Expression): Expression | undefined => {
  const { line } = stream.current()
  return stream.is('(') ? { kind: 'call', line, of, ...parseArguments(stream, parseExpression) } : undefined
}

const parseAttribute = (stream: TokenStream, of: Expression): Expression => {
  const { line } = stream.next()
  const { kind, text } = stream.current()
  if (kind === 'name') return { kind: 'attribute', line, of, name: stream.next().text }
  if (kind !== 'integer') throw stream.unexpected(faultOf('a_name_or_number'))
  stream.next()
  return { kind: 'item', line, of, key: { kind: 'constant', line, value: Number(text) } }
}

const parseItem = (stream: TokenStream, of: Expression): Expression => {
  const { line } = stream.next()
  const keys: Expression[] = []
  while (!stream.is(']')) {
    if (keys.length > 0) stream.expect(',')
    keys.push(parseKey(stream))
  }
  stream.next()
  if (keys.length === 0) throw syntaxError(line, 'subscript_empty')
  return { kind: 'item', line, of, key: keys.length === 1 ? keys[0]! : { kind: 'tuple', line, items: keys } }
}

const parseKey = (stream: TokenStream): Expression => {
  const { line } = stream.current()
  const start = stream.is(':') ? undefined : parseExpression(stream)
  if (start && !stream.is(':')) return start
  stream.expect(':')
  const ends = () => stream.is(']') || stream.is(',')
  const stop = ends() || stream.is(':') ? undefined : parseExpression(stream)
  const step = stream.skipIf(':') && !ends() ? parseExpression(stream) : undefined
  return { kind: 'slice', line, start, stop, step }
}

const parseFilters = (stream: TokenStream, first: Expression): Expression =>
  chain(stream, first, (of) => {
    if (stream.is('|')) return parseFilter(stream, of)
    if (stream.is('is', 'name')) return parseTest(stream, of)
    return parseCall(stream, of)
  })

const NO_ARGUMENTS: Arguments = { args: [], named: [] }

/** One filter, from its `|`, or from its name at the head of a block. */
export const parseFilter = (stream: TokenStream, of: Expression | undefined): Expression => {
  stream.skipIf('|')
  const { text, line } = stream.expectName()
  let name = text
  while (stream.skipIf('.')) name += `.${stream.expectName().text}`
  const given = stream.is('(') ? parseArguments(stream, parseExpression) : NO_ARGUMENTS
  return { kind: 'filter', line, of, name, ...given }
}

/** Words that end a test, rather than being its argument. */
const AFTER_TEST: ReadonlySet<string> = new Set(['else', 'or', 'and'])

/** The one argument that a test may have without parentheses: `is divisibleby 3`. */
const parseLooseArgument = (stream: TokenStream): Arguments => {
  const { kind, text } = stream.current()
  const argues =
    kind === 'string' ||
    kind === 'integer' ||
    kind === 'float' ||
    (kind === 'name' && !AFTER_TEST.has(text)) ||
    (kind === 'operator' && (text === '[' || text === '{'))
  if (!argues) return NO_ARGUMENTS
  if (stream.is('is', 'name')) throw syntaxError(stream.current().line, 'tests_chained')
  return { args: [parsePostfix(stream, parsePlain(stream))], named: [] }
}

const parseTest = (stream: TokenStream, of: Expression): Expression => {
  const { line } = stream.next()
  const negated = stream.skipIf('not', 'name')
  const { text } = stream.expectName()
  let name = text
  while (stream.skipIf('.')) name += `.${stream.expectName().text}`
  const given = stream.is('(') ? parseArguments(stream, parseExpression) : parseLooseArgument(stream)
  const test: Expression = { kind: 'test', line, of, name, ...given }
  return negated ? { kind: 'not', line, of: test } : test
}

/** Expressions with commas between them are a tuple; `parse` reads each. */
export const parseTuple = (
  stream: TokenStream,
  {
    parse = parseExpression,
    isEnd = () => false,
    mayBeEmpty = false,
  }: {
    readonly parse?: (stream: TokenStream) => Expression
    /** Whether what comes ends the tuple, besides the end of the code and a closing parenthesis. */
    readonly isEnd?: () => boolean
    readonly mayBeEmpty?: boolean
  } = {},
): Expression => {
  const { line } = stream.current()
  const items: Expression[] = []
  const ended = () => stream.current().kind === 'close' || stream.is(')') || isEnd()
  let isTuple = false
  while (!ended()) {
    items.push(parse(stream))
    if (!stream.skipIf(',')) break
    isTuple = true
  }
  if (!isTuple && items.length === 1) return items[0]!
  if (items.length === 0 && !mayBeEmpty) throw stream.unexpected(faultOf('an_expression'))
  return { kind: 'tuple', line, items }
}

const INNER: InnerParsers = { expression: parseExpression, tuple: (stream) => parseTuple(stream, { mayBeEmpty: true }) }
