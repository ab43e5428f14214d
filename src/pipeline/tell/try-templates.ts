import { eventFields, type NewEvent } from '#core/event/event.ts'
import { sampleEvents } from '#core/event/sample-events.ts'
import { severityRank } from '#core/event/severity.ts'
import { isRecovery } from '#core/rule/rule.ts'
import { looksAt, type RuleSpec } from '#core/rule/rule-spec.ts'
import { type Said, says } from '#core/said.ts'
import type { TemplateFence, TemplateProblem } from '#templates/jinja/fence.ts'
import { unsavedRule } from '../decide/unsaved-rule.ts'
import { eventContext, exampleContext } from './write.ts'

export interface TryDeps extends Pick<TemplateFence, 'tryOut'> {
  readonly timeZone: string
  readonly now: number
}

/** Characters of an event in a sentence. */
const SHOWN = 200

const shown = (data: object): string => {
  const text = JSON.stringify(data)
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`
}

/** A template's problem, and the event that it fails with. */
const withEvent = ({ problem }: TemplateProblem, { type, data }: NewEvent): Said & { readonly path: string } => ({
  path: `templates.${problem.part}`,
  ...says(
    `${problem.message}; so it is with such an event of type ${type}: ${shown(data)}`,
    `${problem['x-es'].message}; así es con un evento de tipo ${type} como este: ${shown(data)}`,
  ),
})

/**
 * Tries the templates of a rule that is to be saved with the events that it would look at: examples of the types that
 * this server knows, and those that came last. Undefined when they can be written for all of them.
 */
export const tryTemplates = async (
  spec: RuleSpec,
  latest: readonly NewEvent[],
  { tryOut, timeZone, now }: TryDeps,
): Promise<(Said & { readonly path: string }) | undefined> => {
  const rule = unsavedRule(spec)
  if (!rule || Object.keys(spec.templates).length === 0) return undefined
  const concerns = (event: NewEvent): boolean =>
    looksAt(spec.type, event.type) &&
    !isRecovery(event) &&
    (spec.severity === null || severityRank(event.severity) >= severityRank(spec.severity)) &&
    rule.conditions.test(eventFields(event))
  const samples = sampleEvents(spec.type, now)
  const fields = samples.flatMap(({ data }) => Object.keys(data))
  for (const event of samples.filter(concerns)) {
    const problem = await tryOut(spec.templates, exampleContext(event, fields, timeZone))
    if (problem) return withEvent(problem, event)
  }
  for (const event of latest.filter(concerns)) {
    const problem = await tryOut(spec.templates, eventContext(event, timeZone))
    if (problem) return withEvent(problem, event)
  }
  return undefined
}
