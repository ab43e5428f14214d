import { because, type Cause } from '#core/cause/cause.ts'
import { causeSentences } from '../texts/causes/index.ts'
import { LONGEST_SOURCE, PART_NAMES, type Part, problemOf, type TemplateProblem } from './parts.ts'

/** What keeps a part from being rendered, whatever its template says: in the words of the server, not of templates. */
export const serverProblem = (code: TemplateProblem['problem']['code'], part: Part, why: Cause): TemplateProblem =>
  problemOf(causeSentences, code, part, why)

/** A template of more characters than one may have. */
export const tooLongSource = (part: Part, size: number): TemplateProblem =>
  serverProblem('too_long', part, because('template_too_long', { part: PART_NAMES[part], size, most: LONGEST_SOURCE }))
