import { readEscapes } from './read-escapes.ts'
import { syntaxError } from './template-error.ts'
import type { Token, TokenKind } from './token.ts'

// What is code in a template and what is text, as Jinja2 with its default settings reads it: no block is trimmed unless
// a sign beside its delimiter says so, and one line end at the very end goes.

const OPENING = /\{\{[-+]?|\{%[-+]?|\{#[-+]?/g
const RAW = /\s*raw\s*(-%\}\s*|\+?%\})/y
const END_RAW = /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\})/g
const END_COMMENT = /-#\}\s*|\+?#\}/g

const SPACE = /\s+/y
const CLOSE_PRINT = /-\}\}\s*|\}\}/y
const CLOSE_STATEMENT = /\+%\}|-%\}\s*|%\}/y
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/y
const INTEGER = /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y
const NAME = /[\p{L}\p{N}\p{M}\p{Pc}]+/uy
const IDENTIFIER = /^[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}\p{Pc}]*$/u
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y
const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

const matchAt = (pattern: RegExp, source: string, at: number): string | undefined => {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0]
}

/** All tokens of a template, in order, the last one of kind `end`. Throws a TemplateError of kind `syntax`. */
export const readTokens = (template: string): readonly Token[] => {
  const source = template.replace(/\r\n|\r/g, '\n').replace(/\n$/, '')
  const tokens: Token[] = []
  let at = 0
  let line = 1

  const add = (kind: TokenKind, text: string) => tokens.push({ kind, text, line })
  const pass = (text: string) => {
    at += text.length
    for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) line++
  }
  const addData = (text: string, trimmed: boolean) => {
    const data = trimmed ? text.trimEnd() : text
    if (data !== '') add('data', data)
    pass(text)
  }

  const readComment = () => {
    END_COMMENT.lastIndex = at
    const end = END_COMMENT.exec(source)
    if (!end) throw syntaxError(line, 'comment_not_closed')
    pass(source.slice(at, end.index + end[0].length))
  }

  const readRaw = (head: string) => {
    pass(head)
    END_RAW.lastIndex = at
    const end = END_RAW.exec(source)
    if (!end) throw syntaxError(line, 'raw_not_closed')
    addData(source.slice(at, end.index), end[1] === '-')
    pass(end[0])
  }

  /** The tokens of one `{{ … }}` or `{% … %}`, and its end. */
  const readCode = (sign: '{' | '%') => {
    const closing = sign === '{' ? CLOSE_PRINT : CLOSE_STATEMENT
    const began = line
    const open: string[] = []
    for (;;) {
      if (at >= source.length) {
        const [end, begin] = sign === '{' ? ['}}', '{{'] : ['%}', '{%']
        throw syntaxError(line, 'not_closed', { opened: begin, line: String(began), end })
      }
      const close = open.length === 0 ? matchAt(closing, source, at) : undefined
      if (close !== undefined) {
        add('close', sign)
        pass(close)
        return
      }
      const space = matchAt(SPACE, source, at)
      if (space !== undefined) {
        pass(space)
        continue
      }
      readToken(open)
    }
  }

  const readToken = (open: string[]) => {
    const float = source[at - 1] === '.' ? undefined : matchAt(FLOAT, source, at)
    const number = float ?? matchAt(INTEGER, source, at)
    if (number !== undefined) {
      add(float === undefined ? 'integer' : 'float', number.replaceAll('_', ''))
      return pass(number)
    }
    const name = matchAt(NAME, source, at)
    if (name !== undefined) {
      if (!IDENTIFIER.test(name)) throw syntaxError(line, 'not_a_name', { name })
      add('name', name)
      return pass(name)
    }
    const string = matchAt(STRING, source, at)
    if (string !== undefined) {
      add('string', readEscapes(string.slice(1, -1), line))
      return pass(string)
    }
    const operator = matchAt(OPERATOR, source, at)
    if (operator === undefined) {
      const sign = String.fromCodePoint(source.codePointAt(at)!)
      throw sign === '"' || sign === "'"
        ? syntaxError(line, 'text_not_closed')
        : syntaxError(line, 'sign_unknown', { sign })
    }
    if (PAIRS[operator]) open.push(PAIRS[operator])
    else if (operator === ')' || operator === ']' || operator === '}') {
      const expected = open.pop()
      if (expected === undefined) throw syntaxError(line, 'bracket_closes_nothing', { bracket: operator })
      if (expected !== operator)
        throw syntaxError(line, 'another_bracket_needed', { bracket: operator, wanted: expected })
    }
    add('operator', operator)
    pass(operator)
  }

  while (at < source.length) {
    OPENING.lastIndex = at
    const opening = OPENING.exec(source)
    if (!opening) {
      addData(source.slice(at), false)
      break
    }
    const [mark] = opening
    addData(source.slice(at, opening.index), mark[2] === '-')
    pass(mark)
    if (mark[1] === '#') {
      readComment()
      continue
    }
    const raw = mark[1] === '%' ? matchAt(RAW, source, at) : undefined
    if (raw !== undefined) {
      readRaw(raw)
      continue
    }
    add('open', mark[1]!)
    readCode(mark[1] as '{' | '%')
  }
  tokens.push({ kind: 'end', text: '', line })
  return tokens
}
