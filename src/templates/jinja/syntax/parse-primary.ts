import { makeFloat } from '../values/number.ts'
import type { Expression } from './expression.ts'
import { faultOf } from './template-faults.ts'
import type { TokenStream } from './token-stream.ts'

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])

/** What reads the inside of brackets. */
export interface InnerParsers {
  readonly expression: (stream: TokenStream) => Expression
  readonly tuple: (stream: TokenStream) => Expression
}

/** A number as it is written. */
const numberOf = (kind: 'integer' | 'float', text: string) => {
  if (kind === 'float') return makeFloat(Number(text))
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

const parseList = (stream: TokenStream, { expression }: InnerParsers): Expression => {
  const { line } = stream.next()
  const items: Expression[] = []
  while (!stream.is(']')) {
    if (items.length > 0) stream.expect(',')
    if (!stream.is(']')) items.push(expression(stream))
  }
  stream.next()
  return { kind: 'list', line, items }
}

const parseDict = (stream: TokenStream, { expression }: InnerParsers): Expression => {
  const { line } = stream.next()
  const pairs: [Expression, Expression][] = []
  while (!stream.is('}')) {
    if (pairs.length > 0) stream.expect(',')
    if (stream.is('}')) break
    const key = expression(stream)
    stream.expect(':')
    pairs.push([key, expression(stream)])
  }
  stream.next()
  return { kind: 'dict', line, pairs }
}

/** A constant, a name, or something in brackets. */
export const parsePrimary = (stream: TokenStream, inner: InnerParsers): Expression => {
  const { kind, text, line } = stream.current()
  if (kind === 'name') {
    stream.next()
    const constant = CONSTANTS.get(text)
    return constant === undefined ? { kind: 'name', line, name: text } : { kind: 'constant', line, value: constant }
  }
  if (kind === 'string') {
    let value = ''
    while (stream.current().kind === 'string') value += stream.next().text
    return { kind: 'constant', line, value }
  }
  if (kind === 'integer' || kind === 'float') {
    stream.next()
    return { kind: 'constant', line, value: numberOf(kind, text) }
  }
  if (stream.is('[')) return stream.deeper(() => parseList(stream, inner))
  if (stream.is('{')) return stream.deeper(() => parseDict(stream, inner))
  if (!stream.skipIf('(')) throw stream.unexpected(faultOf('an_expression'))
  const whole = stream.deeper(() => inner.tuple(stream))
  stream.expect(')')
  return whole
}
