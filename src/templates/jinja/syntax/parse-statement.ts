import type { BodyParser } from './body-parser.ts'
import type { Expression, ExpressionOf } from './expression.ts'
import { parseExpression, parseFilter, parseOr, parsePlain, parseTuple } from './parse-expression.ts'
import type { Body, Signature, Statement, Target } from './statement.ts'
import { syntaxError } from './template-error.ts'
import { faultOf, type TemplateFault } from './template-faults.ts'
import type { TokenStream } from './token-stream.ts'

// The tags of Jinja2, one function each; what stands after `{%` and the tag's name is theirs, up to `%}`.

const asTarget = (expression: Expression): Target => {
  if (expression.kind === 'name') return { kind: 'name', name: expression.name }
  if (expression.kind === 'tuple') return { kind: 'names', items: expression.items.map(asTarget) }
  throw syntaxError(expression.line, 'only_names_are_set')
}

const parseTarget = (stream: TokenStream, isEnd?: () => boolean): Target =>
  asTarget(parseTuple(stream, { parse: parsePlain, ...(isEnd && { isEnd }) }))

const parseFor = ({ stream, body }: BodyParser, line: number): Statement => {
  const target = parseTarget(stream, () => stream.is('in', 'name'))
  stream.expect('in', 'name')
  const over = parseTuple(stream, { parse: parseOr, isEnd: () => stream.is('recursive', 'name') })
  const only = stream.skipIf('if', 'name') ? parseExpression(stream) : undefined
  const recursive = stream.skipIf('recursive', 'name')
  const main = body(['else', 'endfor'], 'for')
  const otherwise = main.end === 'else' ? body(['endfor'], 'else').body : []
  return { kind: 'for', line, target, over, only, recursive, body: main.body, otherwise }
}

const parseIf = ({ stream, body }: BodyParser, line: number): Statement => {
  const branches: { test: Expression; body: Body }[] = []
  for (;;) {
    const test = parseTuple(stream, { parse: parseOr })
    const branch = body(['elif', 'else', 'endif'], 'if')
    branches.push({ test, body: branch.body })
    if (branch.end === 'elif') continue
    const otherwise = branch.end === 'else' ? body(['endif'], 'else').body : []
    return { kind: 'if', line, branches, otherwise }
  }
}

const parseSet = ({ stream, body }: BodyParser, line: number): Statement => {
  let target: Target
  if (stream.look().kind === 'operator' && stream.look().text === '.') {
    const name = stream.expectName().text
    stream.next()
    target = { kind: 'attribute', name, attribute: stream.expectName().text }
  } else target = parseTarget(stream, () => stream.is('='))
  if (stream.skipIf('=')) return { kind: 'set', line, target, value: parseTuple(stream) }
  let filter: Expression | undefined
  while (stream.is('|')) filter = parseFilter(stream, filter)
  return { kind: 'capture', line, target, filter, body: body(['endset'], 'set').body }
}

const parseWith = ({ stream, body }: BodyParser, line: number): Statement => {
  const pairs: { target: Target; value: Expression }[] = []
  while (stream.current().kind !== 'close') {
    if (pairs.length > 0) stream.expect(',')
    const target = parseTarget(stream, () => stream.is('='))
    stream.expect('=')
    pairs.push({ target, value: parseExpression(stream) })
  }
  return { kind: 'with', line, pairs, body: body(['endwith'], 'with').body }
}

const parseSignature = (stream: TokenStream): Signature => {
  stream.expect('(')
  const params: { name: string; byDefault?: Expression }[] = []
  while (!stream.is(')')) {
    if (params.length > 0) stream.expect(',')
    const { text: name, line } = stream.expectName()
    if (stream.skipIf('=')) params.push({ name, byDefault: parseExpression(stream) })
    else if (params.at(-1)?.byDefault) throw syntaxError(line, 'default_missing', { name })
    else params.push({ name })
  }
  stream.next()
  return { params }
}

const parseMacro = ({ stream, body, collectNames }: BodyParser, line: number): Statement => {
  const name = stream.expectName().text
  const { params } = parseSignature(stream)
  const [inner, uses] = collectNames(() => body(['endmacro'], 'macro').body)
  return { kind: 'macro', line, name, params, body: inner, uses }
}

const parseCallBlock = ({ stream, body, collectNames }: BodyParser, line: number): Statement => {
  const { params } = stream.is('(') ? parseSignature(stream) : { params: [] }
  const call = parseExpression(stream)
  if (call.kind !== 'call') throw syntaxError(line, 'call_without_call')
  const [inner, uses] = collectNames(() => body(['endcall'], 'call').body)
  return { kind: 'callBlock', line, params, call: call as ExpressionOf<'call'>, body: inner, uses }
}

const parseFilterBlock = ({ stream, body }: BodyParser, line: number): Statement => {
  let filter = parseFilter(stream, undefined)
  while (stream.is('|')) filter = parseFilter(stream, filter)
  return { kind: 'filterBlock', line, filter, body: body(['endfilter'], 'filter').body }
}

const parseBlock = ({ stream, body, addBlock }: BodyParser, line: number): Statement => {
  const name = stream.expectName().text
  const scoped = stream.skipIf('scoped', 'name')
  if (stream.is('required', 'name')) throw syntaxError(line, 'block_required')
  const inner = body(['endblock'], 'block').body
  stream.skipIf(name, 'name')
  const block = { kind: 'block', line, name, scoped, body: inner } as const
  addBlock(block)
  return block
}

const parseAutoescape = ({ stream, body }: BodyParser, line: number): Statement => {
  const on = parseExpression(stream)
  return { kind: 'autoescape', line, on, body: body(['endautoescape'], 'autoescape').body }
}

const parsePrint = ({ stream }: BodyParser, line: number): Statement => {
  const body: Statement[] = []
  while (stream.current().kind !== 'close') {
    if (body.length > 0) stream.expect(',')
    body.push({ kind: 'print', line, value: parseExpression(stream) })
  }
  return { kind: 'with', line, pairs: [], body }
}

type ParseTag = (parser: BodyParser, line: number) => Statement
const TAGS: ReadonlyMap<string, ParseTag> = new Map<string, ParseTag>([
  ['for', parseFor],
  ['if', parseIf],
  ['set', parseSet],
  ['with', parseWith],
  ['macro', parseMacro],
  ['call', parseCallBlock],
  ['filter', parseFilterBlock],
  ['block', parseBlock],
  ['autoescape', parseAutoescape],
  ['print', parsePrint],
])

const OTHER_FILES: ReadonlySet<string> = new Set(['include', 'extends', 'import', 'from'])
/** Tags of Jinja2's extensions, and what does their work. */
const EXTENSIONS: ReadonlyMap<string, TemplateFault> = new Map([
  ['do', faultOf('set_instead_of_do')],
  ['break', faultOf('filter_the_loop')],
  ['continue', faultOf('put_rest_into_if')],
  ['trans', faultOf('write_text_itself')],
  ['debug', faultOf('try_preview')],
  ['raw', faultOf('write_raw')],
])

/** The statement whose tag comes next. */
export const parseStatement = (parser: BodyParser): Statement => {
  const { stream } = parser
  const { text: tag, line, kind } = stream.current()
  if (kind !== 'name') throw stream.unexpected(faultOf('a_tag'))
  const parse = TAGS.get(tag)
  if (parse) {
    stream.next()
    return parse(parser, line)
  }
  if (OTHER_FILES.has(tag)) throw syntaxError(line, 'other_template', { tag })
  if (tag.startsWith('end') || tag === 'else' || tag === 'elif') throw syntaxError(line, 'tag_closes_nothing', { tag })
  const instead = EXTENSIONS.get(tag) ?? faultOf('print_or_take_out')
  throw syntaxError(line, 'tag_unknown', { tag, instead })
}
