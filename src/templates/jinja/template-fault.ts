import { answerRequest } from './environment.ts'
import { LONGEST_SOURCE, type Part, type TemplateProblem } from './parts.ts'
import { tooLongSource } from './server-problem.ts'

/**
 * What can be told to be wrong with one template without an event, in this thread: for files, which their operator wrote.
 * What comes over the network goes through the fence.
 */
export const templateFault = (part: Part, source: string): TemplateProblem['problem'] | undefined => {
  if (source.length > LONGEST_SOURCE) return tooLongSource(part, source.length).problem
  const answer = answerRequest({ kind: 'check', part, source, context: '{}' })
  return 'problem' in answer ? answer.problem : undefined
}
