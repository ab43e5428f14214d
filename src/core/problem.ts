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
  | 'too_large'
  | 'no_room'
  | 'changed_meanwhile'
  | 'key_missing'
  | 'still_failing'
  | 'not_failed'
  | 'invalid_name'
  | 'invalid_password'
  | 'last_administrator'

/** One thing that is wrong, and where. */
export interface Wrong extends Told {
  /** Dotted path in what was sent; empty for the whole. */
  readonly path: string
  readonly message: string
}

/** What is wrong with something that people want done. */
export interface Problem extends Wrong {
  readonly code: ProblemCode
  /** What is wrong besides, at other places: whoever fills in a form hears all of it at once. */
  readonly further?: readonly Wrong[]
}

/** What became of something that people want done: what there is now, or why it is not. */
export type Outcome<Value> = Result<Value, Problem>

/**
 * That something is not done: `path` is where in what was sent, empty for the whole; `told` says it in other
 * languages.
 */
export const refused = (code: ProblemCode, path: string, message: string, told?: ValueFault | Said): Failed<Problem> =>
  failed({ code, path, message, ...toldBy(told) })

/** Several things that are wrong, one at each place; undefined where nothing is. */
export const allRefused = (problems: readonly Failed<Problem>[]): Failed<Problem> | undefined => {
  const each = new Map(problems.toReversed().map(({ problem }) => [problem.path, problem]))
  const [first, ...others] = problems
    .map(({ problem }) => problem)
    .filter((problem) => each.get(problem.path) === problem)
  if (first === undefined) return undefined
  return failed(others.length === 0 ? first : { ...first, further: others.map(({ code: _, ...wrong }) => wrong) })
}

/** That what was named is not there; `what` is its kind, as people call it. */
export const notThere = (what: string): Failed<Problem> => refused('not_found', '', `There is no such ${what}.`)
