import { definitionsOf } from '#templates/jinja/check/definitions.ts'
import { insideOf, partsOf } from '#templates/jinja/check/walk.ts'
import { functions } from '#templates/jinja/library/functions.ts'
import type { Expression } from '#templates/jinja/syntax/expression.ts'
import type { Body, Template } from '#templates/jinja/syntax/statement.ts'

/** Names by which the language itself means something, beside its functions. */
const OF_THE_LANGUAGE: ReadonlySet<string> = new Set(['self', 'loop', 'caller', 'varargs', 'kwargs'])

/** The names that only an event can fill. */
export const factNames = (template: Template): ReadonlySet<string> => {
  const { names } = definitionsOf(template)
  const facts = new Set<string>()
  const inExpression = (one: Expression): void => {
    if (one.kind === 'name' && !names.has(one.name) && !OF_THE_LANGUAGE.has(one.name) && !functions.has(one.name))
      facts.add(one.name)
    for (const part of partsOf(one)) inExpression(part)
  }
  const inBody = (body: Body): void => {
    for (const { expressions, bodies } of body.map(insideOf)) {
      for (const one of expressions) inExpression(one)
      for (const one of bodies) inBody(one)
    }
  }
  inBody(template.body)
  return facts
}
