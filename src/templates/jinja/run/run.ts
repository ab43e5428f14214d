import type { Rendering } from '../library/native.ts'
import type { StatementOf } from '../syntax/statement.ts'
import type { Value } from '../values/value.ts'
import type { Scope } from './scope.ts'

/** One rendering of a template. */
export interface Run {
  readonly rendering: Rendering
  readonly facts: (name: string) => Value | undefined
  readonly blocks: ReadonlyMap<string, StatementOf<'block'>>
  /** The names of the template's outermost level, which its blocks see. */
  readonly top: Scope
  /** Steps into another level, of macros and recursive loops; throws when there are too many. */
  readonly deeper: <Result>(work: () => Result) => Result
}

/** Where rendered text goes. */
export interface Output {
  readonly write: (text: string) => void
}
