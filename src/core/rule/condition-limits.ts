import { because, type Cause } from '../cause/cause.ts'
import { shown } from './condition-values.ts'

/** What a set of conditions may weigh, so that neither saving nor testing one can hold the server. */
const DEEPEST = 20
const MOST_VALUES = 20_000
const MOST_CHARACTERS = 500_000
const LONGEST_FIELD = 500

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === Object.prototype || prototype === null
}

const mayStand = (value: unknown): boolean =>
  value === null ||
  ['string', 'number', 'boolean', 'undefined'].includes(typeof value) ||
  (typeof value === 'object' && isPlain(value))

/**
 * What makes a value too large, too deep or no JSON to be part of conditions; undefined when it is fine. Looks at no
 * more than the limit allows, whatever it is given.
 */
export const limitProblem = (root: unknown): Cause | undefined => {
  let level: unknown[] = [root]
  let values = 0
  let characters = 0
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return because('conditions_too_deep', { most: DEEPEST })
    const next: unknown[] = []
    for (const value of level) {
      if (!mayStand(value)) return because('condition_value_of_wrong_kind', { kind: shown(typeof value) })
      if (typeof value === 'string') characters += value.length
      if (typeof value !== 'object' || value === null) continue
      const keys = Object.keys(value)
      values += keys.length
      if (values > MOST_VALUES) return because('conditions_too_many_values', { most: MOST_VALUES })
      for (const key of keys) {
        if (!Array.isArray(value)) characters += key.length
        if (!Array.isArray(value) && key.length > LONGEST_FIELD)
          return because('condition_name_too_long', { most: LONGEST_FIELD })
        next.push((value as Record<string, unknown>)[key])
      }
    }
    if (characters > MOST_CHARACTERS) return because('conditions_too_long', { most: MOST_CHARACTERS })
    level = next
  }
  return undefined
}
