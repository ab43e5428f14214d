import { type Failed, failed, type Result } from '#lib/result.ts'
import { type Said, type Told, toldBy } from './said.ts'
import type { ValueFault } from './value-fault.ts'

/** Why something that people want done is not; programs go by the code. */
export type ProblemCode =
  | 'invalid_input'
  | 'name_taken'
  | 'not_found'
  | 'owned_by_file'
  | 'in_use'
  | 'key_missing'
  | 'still_failing'
  | 'not_failed'
  | 'invalid_name'
  | 'invalid_password'
  | 'last_administrator'

/** What is wrong with something that people want done. */
export interface Problem extends Told {
  readonly code: ProblemCode
  /** Dotted path in what was sent; empty for the whole. */
  readonly path: string
  readonly message: string
}

/** What became of something that people want done: what there is now, or why it is not. */
export type Outcome<Value> = Result<Value, Problem>

export const refused = (code: ProblemCode, path: string, message: string, told?: ValueFault | Said): Failed<Problem> =>
  failed({ code, path, message, ...toldBy(told) })

export const notThere = (what: string): Failed<Problem> => refused('not_found', '', `There is no such ${what}.`)
