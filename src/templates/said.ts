import type { Cause } from '#core/cause/cause.ts'
import { type CauseFields, causeFields } from '#core/cause/cause-fields.ts'
import { sayCause } from '#core/cause/say-cause.ts'
import { eventCause } from '#core/event/event-cause.ts'
import type { Transition, WordedTransition } from '#core/monitor/transition.ts'
import { type Said, says } from '#core/said.ts'
import type { JsonObject } from '#lib/json.ts'
import { causeSentences } from './texts/causes/index.ts'

/** The English sentence of a cause: what is stored, logged, and told to programs. */
export const inEnglish = (cause: Cause): string => sayCause(causeSentences.en, cause) ?? cause.code

/** A cause as events and answers of the API carry it. */
export const saidFields = (cause: Cause): CauseFields & { readonly cause: string } =>
  causeFields(inEnglish(cause), cause)

/** What an event's own fields come to, where it says no cause itself: as a sentence, with what it is made of. */
export const eventSaid = (fields: JsonObject): CauseFields => {
  const cause = eventCause(fields)
  return cause === undefined ? { cause: null } : saidFields(cause)
}

/** A change of state with the English sentence of its cause, as it is stored. */
export const worded = (transition: Transition): WordedTransition => ({
  ...transition,
  sentence: transition.cause === undefined ? '' : inEnglish(transition.cause),
})

/** What is wrong with conditions: the English sentence begins with the path, the Spanish stands at its field. */
export const conditionSaid = ({ path, cause }: { readonly path: string; readonly cause: Cause }): Said => {
  const said = problemSaid(cause)
  return { ...said, message: `${path}: ${said.message}` }
}

/** What is wrong, in both languages: a sentence as it is, or a cause. */
export const problemSaid = (problem: Said | Cause): Said => {
  if ('message' in problem) return problem
  const english = inEnglish(problem)
  return says(english, sayCause(causeSentences.es, problem) ?? english)
}
