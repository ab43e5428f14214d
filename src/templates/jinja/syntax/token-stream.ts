import { syntaxError, type TemplateError, tooDeep } from './template-error.ts'
import { faultOf, type TemplateFault } from './template-faults.ts'
import type { Token } from './token.ts'

/** Deeper than people nest, and far above the thread's stack. */
const DEEPEST = 150

/** How a token is called to people. */
const describe = ({ kind, text }: Token): string => {
  if (kind === 'close') return text === '{' ? '}}' : '%}'
  if (kind === 'string') return JSON.stringify(text.slice(0, 40))
  return text.slice(0, 40)
}

/** Tokens with a place in them, for the parser. */
export const createTokenStream = (tokens: readonly Token[]) => {
  let at = 0
  let depth = 0
  const current = (): Token => tokens[at]!
  const look = (): Token => tokens[Math.min(at + 1, tokens.length - 1)]!
  const next = (): Token => {
    const token = tokens[at]!
    if (at < tokens.length - 1) at++
    return token
  }
  const is = (text: string, kind: Token['kind'] = 'operator'): boolean =>
    current().kind === kind && current().text === text
  const skipIf = (text: string, kind: Token['kind'] = 'operator'): boolean => {
    const found = is(text, kind)
    if (found) next()
    return found
  }
  /** What stands here is not what may; `wanted` is a sign, or what a fault calls it. */
  const unexpected = (wanted: string | TemplateFault): TemplateError => {
    const token = current()
    return syntaxError(token.line, 'another_expected', { found: describe(token), wanted })
  }
  const expect = (text: string, kind: Token['kind'] = 'operator'): Token => {
    if (!is(text, kind)) throw unexpected(kind === 'close' ? (text === '{' ? '}}' : '%}') : text)
    return next()
  }
  const expectName = (): Token => {
    if (current().kind !== 'name') throw unexpected(faultOf('a_name'))
    return next()
  }
  /** Runs what reads one level deeper. */
  const deeper = <Result>(read: () => Result): Result => {
    if (++depth > DEEPEST) throw tooDeep(current().line)
    const result = read()
    depth--
    return result
  }
  return { current, look, next, is, skipIf, unexpected, expect, expectName, deeper }
}
export type TokenStream = ReturnType<typeof createTokenStream>
