import { syntaxError, type TemplateError, tooDeep, type Words } from './template-error.ts'
import type { Token } from './token.ts'

/** Deeper than people nest, and far above the thread's stack. */
const DEEPEST = 150

/** How a token is called to people. */
const describe = ({ kind, text }: Token): string => {
  if (kind === 'end') return ''
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
  const unexpected = (wanted?: string | Words): TemplateError => {
    const token = current()
    const what = describe(token)
    const { en, es } = typeof wanted === 'object' ? wanted : { en: wanted, es: wanted }
    const wantedEn = en === undefined ? '' : `; ${en} is needed here`
    const wantedEs = es === undefined ? '' : `; aquí hace falta ${es}`
    return what === ''
      ? syntaxError(
          token.line,
          `the template ends too early${wantedEn}`,
          `la plantilla termina antes de tiempo${wantedEs}`,
        )
      : syntaxError(token.line, `${what} is not expected here${wantedEn}`, `no se espera ${what} aquí${wantedEs}`)
  }
  const expect = (text: string, kind: Token['kind'] = 'operator'): Token => {
    if (!is(text, kind)) throw unexpected(kind === 'close' ? (text === '{' ? '}}' : '%}') : text)
    return next()
  }
  const expectName = (): Token => {
    if (current().kind !== 'name') throw unexpected({ en: 'a name', es: 'un nombre' })
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
