import { evaluate } from '../run/evaluate.ts'
import { print } from '../run/render.ts'
import { createRun } from '../run/render-template.ts'
import type { Expression } from '../syntax/expression.ts'
import type { Body, Statement, Template } from '../syntax/statement.ts'
import { TemplateError } from '../syntax/template-error.ts'
import { checkExpression, type Role } from './check-expression.ts'
import { checkFlow } from './check-flow.ts'
import { checkStatement } from './check-statement.ts'
import { checkWithSamples } from './check-with-samples.ts'
import { definitionsOf, namesOf } from './definitions.ts'
import { isKnown } from './known.ts'
import type { Place } from './place.ts'
import { insideOf, partsOf } from './walk.ts'

const atLine = (line: number, work: () => void): void => {
  try {
    work()
  } catch (error) {
    if (error instanceof TemplateError) error.line ??= line
    throw error
  }
}

/** Where the inside of a statement stands. */
const within = (statement: Statement, place: Place): Place => {
  if (statement.kind === 'for') return { ...place, inLoop: true }
  return statement.kind === 'macro' || statement.kind === 'block' ? { ...place, late: true } : place
}

/** Takes note of what a statement sets. */
const define = (statement: Statement, { defined }: Place): void => {
  if ('target' in statement) for (const name of namesOf(statement.target)) defined.add(name)
  if (statement.kind === 'with')
    for (const { target } of statement.pairs) for (const name of namesOf(target)) defined.add(name)
  if ('params' in statement) for (const { name } of statement.params) defined.add(name)
  if (statement.kind === 'macro') defined.add(statement.name)
}

/**
 * Finds what is wrong with a template whatever it will be rendered with: names of filters, tests, methods and functions
 * that do not exist, arguments that they do not take, and parts without any fact that fail. Throws a TemplateError.
 */
export const checkTemplate = (template: Template, html: boolean): void => {
  const definitions = definitionsOf(template)
  const run = createRun(template, {}, { html })

  const visit = (expression: Expression, role: Role, place: Place): void => {
    atLine(expression.line, () => {
      checkExpression(expression, role, definitions, place)
      if (!isKnown(expression, definitions)) {
        checkWithSamples(expression, definitions, run)
        return
      }
      const value = evaluate(expression, run.top, run)
      if (role === 'printed') print(value, run, { write: () => {} })
    })
    for (const part of partsOf(expression))
      visit(part, expression.kind === 'call' && part === expression.of ? 'called' : 'used', place)
  }

  const visitBody = (body: Body, place: Place): void => {
    for (const statement of body) {
      const { expressions, bodies } = insideOf(statement)
      const inner = within(statement, place)
      // The condition of a loop does not know the loop.
      for (const expression of expressions) visit(expression, statement.kind === 'print' ? 'printed' : 'used', place)
      atLine(statement.line, () => checkStatement(statement, definitions, run))
      define(statement, place)
      for (const one of bodies) visitBody(one, inner)
    }
  }
  visitBody(template.body, { defined: new Set(), inLoop: false, late: false })
  checkFlow(template, definitions, html)
}
