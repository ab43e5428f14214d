/** What an expected failure says; what nobody expects is thrown. */
export interface Failed<Problem> {
  readonly ok: false
  readonly problem: Problem
}

/** The outcome of something that may fail in an expected way. */
export type Result<Value, Problem> = { readonly ok: true; readonly value: Value } | Failed<Problem>

/** It succeeded, with this value. */
export const done = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value })

/** It failed in an expected way, for this reason. */
export const failed = <Problem>(problem: Problem): Failed<Problem> => ({ ok: false, problem })
