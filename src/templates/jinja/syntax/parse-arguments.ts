import type { Arguments, Expression } from './expression.ts'
import { syntaxError } from './template-error.ts'
import type { TokenStream } from './token-stream.ts'

/** The arguments of a call, from `(` to `)`; `parseExpression` reads each. */
export const parseArguments = (
  stream: TokenStream,
  parseExpression: (stream: TokenStream) => Expression,
): Arguments => {
  const { line } = stream.expect('(')
  const args: Expression[] = []
  const named: { name: string; value: Expression }[] = []
  let spread: Expression | undefined
  let spreadNamed: Expression | undefined
  const hold = (fine: boolean) => {
    if (!fine) throw syntaxError(line, 'arguments_out_of_order')
  }
  let count = 0
  while (!stream.is(')')) {
    if (count++ > 0) stream.expect(',')
    if (stream.is(')')) break
    if (stream.skipIf('*')) {
      hold(!spread && !spreadNamed)
      spread = parseExpression(stream)
    } else if (stream.skipIf('**')) {
      hold(!spreadNamed)
      spreadNamed = parseExpression(stream)
    } else if (stream.current().kind === 'name' && stream.look().kind === 'operator' && stream.look().text === '=') {
      hold(!spreadNamed)
      const name = stream.next().text
      stream.next()
      named.push({ name, value: parseExpression(stream) })
    } else {
      hold(!spread && !spreadNamed && named.length === 0)
      args.push(parseExpression(stream))
    }
  }
  stream.next()
  return { args, named, spread, spreadNamed }
}
