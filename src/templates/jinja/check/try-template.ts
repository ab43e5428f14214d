import { functions } from '../library/functions.ts'
import { LACKING } from '../parts.ts'
import { createOutput, renderBody } from '../run/render.ts'
import { createRun, type RenderOptions } from '../run/render-template.ts'
import type { Template } from '../syntax/statement.ts'
import { NEEDS_EVENT } from './flow-names.ts'

/**
 * Renders a template with the facts of an event, or of an example. What an example does not know ends it without a word: another event may have it; but
 * for the fields that it lacks. Throws a TemplateError where the template fails before.
 */
export const tryTemplate = (
  template: Template,
  facts: Readonly<Record<string, unknown>>,
  options: RenderOptions,
): void => {
  const run = createRun(template, facts, options)
  const lacking = facts[LACKING] === undefined ? undefined : new Set(facts[LACKING] as readonly string[])
  const guarded = {
    ...run,
    facts: (name: string) => {
      const value = run.facts(name)
      if (value === undefined && lacking && !lacking.has(name) && !functions.has(name)) throw NEEDS_EVENT
      return value
    },
  }
  try {
    renderBody(template.body, guarded.top, guarded, createOutput())
  } catch (error) {
    if (error !== NEEDS_EVENT) throw error
  }
}
