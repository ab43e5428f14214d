import { answerRequest } from '#templates/jinja/environment.ts'
import { parseTemplate } from '#templates/jinja/syntax/parse-template.ts'
import type { Case } from './case.ts'
import { factNames } from './fact-names.ts'

export type Theirs = { readonly text: string } | { readonly error: string }

export const OUTCOMES = [
  'same',
  'both refuse',
  'refused at save',
  'rendered here only',
  'fails here only',
  'different',
  'late',
] as const
/**
 * What came out of one case. `late`: both fail, though nothing in it depends on the facts, and it was saved here.
 * `refused at save`: here, while Jinja2 renders it.
 */
type Outcome = (typeof OUTCOMES)[number]

export interface Comparison {
  readonly case: Case
  readonly outcome: Outcome
  readonly ours: string
  readonly theirs: string
}

/** What Vigía makes of a template: refused when it is saved, failed with these facts, or a text. */
export const renderOurs = ({ template, facts, html }: Case) => {
  const part = html ? 'html' : 'text'
  const request = { part, source: template, context: JSON.stringify(facts) } as const
  const saved = answerRequest({ kind: 'check', ...request })
  if ('problem' in saved) return { refused: saved.problem.message }
  const answer = answerRequest({ kind: 'render', ...request })
  return 'problem' in answer ? { error: answer.problem.message } : answer
}

const outcomeOf = (one: Case, ours: ReturnType<typeof renderOurs>, theirs: Theirs): Outcome => {
  if ('refused' in ours) return 'error' in theirs ? 'both refuse' : 'refused at save'
  if ('error' in theirs) {
    if ('text' in ours) return 'rendered here only'
    return factNames(parseTemplate(one.template)).size > 0 ? 'both refuse' : 'late'
  }
  if ('error' in ours) return 'fails here only'
  return ours.text === theirs.text ? 'same' : 'different'
}

export const compare = (one: Case, theirs: Theirs): Comparison => {
  const ours = renderOurs(one)
  const shown = 'refused' in ours ? `refused: ${ours.refused}` : 'error' in ours ? `error: ${ours.error}` : ours.text
  return {
    case: one,
    outcome: outcomeOf(one, ours, theirs),
    ours: shown,
    theirs: 'text' in theirs ? theirs.text : `error: ${theirs.error}`,
  }
}
