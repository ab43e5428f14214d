import type { Cause } from '#core/cause/cause.ts'
import { type CauseFields, causeFields } from '#core/cause/cause-fields.ts'
import { sayCause } from '#core/cause/say-cause.ts'
import { eventCause } from '#core/event/event-cause.ts'
import type { Language } from '#core/message/message.ts'
import type { Transition, WordedTransition } from '#core/monitor/transition.ts'
import { type Said, says, type Told } from '#core/said.ts'
import type { JsonObject } from '#lib/json.ts'
import { causeSentences } from './texts/causes/index.ts'
import { valueFaultsEs } from './texts/value-faults-es.ts'

/** The English sentence of a cause: what is stored, logged, and told to programs. */
export const inEnglish = (cause: Cause): string => sayCause(causeSentences.en, cause) ?? cause.code

const factInEnglish = (fact: Cause | readonly Cause[]): string =>
  'code' in fact ? inEnglish(fact) : fact.map(inEnglish).join('; ')

/** The Spanish sentence of a cause: for faces that speak Spanish alone. */
export const inSpanish = (cause: Cause): string => sayCause(causeSentences.es, cause) ?? inEnglish(cause)

/** A cause as a sentence of its own: with a capital, unless it begins with a name, and a full stop. */
export const asSentence = (cause: Cause, language: Language): string => {
  const text = sayCause(causeSentences[language], cause) ?? inEnglish(cause)
  const begins = causeSentences[language][cause.code]?.startsWith('{')
    ? text
    : text.charAt(0).toUpperCase() + text.slice(1)
  return begins.replace(/\.?$/, '.')
}

/** A cause as events and answers of the API carry it. */
export const saidFields = (cause: Cause): CauseFields & { readonly cause: string } =>
  causeFields(inEnglish(cause), cause)

/** What an event's own fields come to, where it says no cause itself: as a sentence, with what it is made of. */
export const eventSaid = (fields: JsonObject): CauseFields => {
  const cause = eventCause(fields)
  return cause === undefined ? { cause: null } : saidFields(cause)
}

/** Facts for who reads no codes: a cause among them by its English sentence. */
export const plainFacts = (facts: Cause['facts']): JsonObject =>
  Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'object' ? factInEnglish(fact) : fact]),
  )

/** A change of state with the English sentence of its cause, as it is stored. */
export const worded = (transition: Transition): WordedTransition => ({
  ...transition,
  sentence: transition.cause === undefined ? '' : inEnglish(transition.cause),
})

/** What an English sentence about something wrong comes with: where that has a code, its Spanish too. */
export const inBothLanguages = <Some extends Told>(told: Some): Some => {
  const { fault, 'x-es': known } = told
  const spanish = fault && !known && sayCause(valueFaultsEs, fault)
  return spanish ? { ...told, 'x-es': { message: spanish } } : told
}

/** What is wrong with conditions: the English sentence begins with the path, the Spanish stands at its field. */
export const conditionSaid = ({ path, cause }: { readonly path: string; readonly cause: Cause }): Said => {
  const said = problemSaid(cause)
  return { ...said, message: `${path}: ${said.message}` }
}

/** What is wrong, in both languages: a sentence as it is, or a cause. */
export const problemSaid = (problem: Said | Cause): Said => {
  if ('message' in problem) return problem
  const english = inEnglish(problem)
  return says(english, inSpanish(problem))
}
