import type { Body, StatementOf } from './statement.ts'
import type { TokenStream } from './token-stream.ts'

/** What statements need of their parser. */
export interface BodyParser {
  readonly stream: TokenStream
  /** A body up to one of these tags; `opened` is the tag that began it. The end tag's name is read, not its `%}`. */
  readonly body: (ends: readonly string[], opened: string) => { readonly body: Body; readonly end: string }
  readonly addBlock: (block: StatementOf<'block'>) => void
  /** Names that are read, for macros, which take further arguments when their body reads `varargs` or `kwargs`. */
  readonly collectNames: <Result>(read: () => Result) => readonly [Result, ReadonlySet<string>]
}
