import type { BodyParser } from './body-parser.ts'
import type { Expression } from './expression.ts'
import { parseTuple } from './parse-expression.ts'
import { parseStatement } from './parse-statement.ts'
import { readTokens } from './read-tokens.ts'
import type { Body, Statement, StatementOf, Template } from './statement.ts'
import { syntaxError } from './template-error.ts'
import { createTokenStream } from './token-stream.ts'

/** Reads a template. Throws a TemplateError with its line when it is no template. */
export const parseTemplate = (source: string): Template => {
  const tokens = readTokens(source)
  const stream = createTokenStream(tokens)
  const blocks = new Map<string, StatementOf<'block'>>()

  const print = (): Statement => {
    const { line } = stream.next()
    const value: Expression = parseTuple(stream)
    stream.expect('{', 'close')
    return { kind: 'print', line, value }
  }

  const subparse = (ends: readonly string[], opened: string, openedAt: number): { body: Body; end: string } => {
    const body: Statement[] = []
    for (;;) {
      const { kind, text, line } = stream.current()
      if (kind === 'end') {
        if (ends.length === 0) return { body, end: '' }
        const wanted = ends.at(-1)!
        throw syntaxError(line, 'not_closed', { opened, line: String(openedAt), end: `{% ${wanted} %}` })
      }
      if (kind === 'data') {
        stream.next()
        body.push({ kind: 'text', line, text })
      } else if (text === '{') body.push(print())
      else {
        stream.next()
        const tag = stream.current()
        if (tag.kind === 'name' && ends.includes(tag.text)) {
          stream.next()
          return { body, end: tag.text }
        }
        body.push(parseStatement(parser))
        stream.expect('%', 'close')
      }
    }
  }

  const parser: BodyParser = {
    stream,
    body: (ends, opened) => {
      const { line } = stream.current()
      stream.skipIf(':')
      stream.expect('%', 'close')
      return stream.deeper(() => subparse(ends, opened, line))
    },
    addBlock: (block) => {
      if (blocks.has(block.name)) throw syntaxError(block.line, 'block_twice', { name: block.name })
      blocks.set(block.name, block)
    },
    collectNames: (read) => {
      const own = new Set<string>()
      const from = stream.current()
      const result = read()
      for (let index = tokens.indexOf(from); tokens[index] !== stream.current(); index++)
        if (tokens[index]!.kind === 'name') own.add(tokens[index]!.text)
      return [result, own]
    },
  }
  const { body } = subparse([], '', 1)
  return { body, blocks }
}
