import { type Problem, refused } from '#core/problem.ts'
import { type Matcher, matchersProblem } from '#core/rule/matcher.ts'
import type { Failed } from '#lib/result.ts'
import { problemSaid } from '#templates/said.ts'

/** Why matchers that people wrote together are not taken, at the one that is wrong; undefined where they are. */
export const matchersRefusal = (matchers: readonly Matcher[]): Failed<Problem> | undefined => {
  const wrong = matchersProblem(matchers)
  if (!wrong) return undefined
  const said = problemSaid(wrong.cause)
  return refused('invalid_input', `matchers.${wrong.index}.value`, said.message, said)
}
