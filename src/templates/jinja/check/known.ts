import { functions } from '../library/functions.ts'
import type { Expression } from '../syntax/expression.ts'
import type { Definitions } from './definitions.ts'
import { partsOf } from './walk.ts'

/** Whether an expression has no fact in it: its value is the same in every message. */
export const isKnown = (expression: Expression, definitions: Definitions): boolean => {
  const { kind } = expression
  if (kind === 'name' || kind === 'slice') return false
  if (kind === 'filter' && (expression.of === undefined || expression.name === 'random')) return false
  return partsOf(expression).every((part) => {
    if (part.kind === 'slice') return partsOf(part).every((bound) => isKnown(bound, definitions))
    // A function of the language, in a call.
    if (kind === 'call' && part === expression.of && part.kind === 'name')
      return functions.has(part.name) && !definitions.names.has(part.name)
    return isKnown(part, definitions)
  })
}
