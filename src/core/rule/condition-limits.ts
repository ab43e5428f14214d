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

const problemOf = (value: unknown): string | undefined => {
  if (value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)) return undefined
  return typeof value === 'object' && isPlain(value) ? undefined : 'only text, numbers, true, false, lists and mappings'
}

/**
 * What makes a value too large, too deep or no JSON to be part of conditions; undefined when it is fine. Looks at no
 * more than the limit allows, whatever it is given.
 */
export const limitProblem = (root: unknown): string | undefined => {
  let level: unknown[] = [root]
  let values = 0
  let characters = 0
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return `nested more than ${DEEPEST} levels deep; write it flatter`
    const next: unknown[] = []
    for (const value of level) {
      const problem = problemOf(value)
      if (problem) return `${shown(typeof value)} cannot stand here; write ${problem}`
      if (typeof value === 'string') characters += value.length
      if (typeof value !== 'object' || value === null) continue
      const keys = Object.keys(value)
      values += keys.length
      if (values > MOST_VALUES) return `more than ${MOST_VALUES} values; split the rule into several`
      for (const key of keys) {
        if (!Array.isArray(value)) characters += key.length
        if (!Array.isArray(value) && key.length > LONGEST_FIELD)
          return `a name has more than ${LONGEST_FIELD} characters; shorten it`
        next.push((value as Record<string, unknown>)[key])
      }
    }
    if (characters > MOST_CHARACTERS) return `more than ${MOST_CHARACTERS} characters; split the rule into several`
    level = next
  }
  return undefined
}
