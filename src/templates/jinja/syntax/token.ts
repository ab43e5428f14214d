export type TokenKind = 'data' | 'open' | 'close' | 'name' | 'string' | 'integer' | 'float' | 'operator' | 'end'

/** A piece of a template. `open` and `close` are of a statement (`%`) or of an expression that is printed (`{`). */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly line: number
}
