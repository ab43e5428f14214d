import { isDeepStrictEqual } from 'node:util'
import type { Matcher } from '#core/rule/matcher.ts'
import { isObject } from '#lib/json.ts'
import type { MatchEntry } from '../quiets-schema.ts'

type MatchValue = MatchEntry[string]

const matcherOf = (name: string, value: MatchValue): Matcher[] => {
  if (isObject(value)) {
    const { operator, value: wanted } = value as { readonly operator: Matcher['operator']; readonly value: unknown }
    return [{ name, operator, value: Array.isArray(wanted) ? wanted.map(String) : String(wanted) }]
  }
  if (Array.isArray(value))
    return value.length > 0 && value.every(isObject)
      ? value.flatMap((one) => matcherOf(name, one as MatchValue))
      : [{ name, operator: 'in', value: value.map(String) }]
  const text = String(value)
  return text.startsWith('~')
    ? [{ name, operator: 'matches', value: text.slice(1).trim() }]
    : [{ name, operator: '=', value: text }]
}

/** `{ site: POP-09 }`, `{ site: [a, b] }`, `{ site: ~regex }`, `{ site: { operator: "!=", value: a } }` as matchers. */
export const matchersOf = (match: MatchEntry): Matcher[] =>
  Object.entries(match).flatMap(([name, value]) => matcherOf(name, value))

const shortOf = ({ operator, value }: Matcher): MatchValue | undefined => {
  if (operator === 'in') return Array.isArray(value) ? [...value] : undefined
  if (typeof value !== 'string') return undefined
  if (operator === '=') return value
  return operator === 'matches' ? `~${value}` : undefined
}

const longOf = ({ operator, value }: Matcher) =>
  ({ operator, value: typeof value === 'string' ? value : [...value] }) as MatchValue

/** What a file would say of matchers: in short where that means the same. */
export const matchEntryOf = (matchers: readonly Matcher[]): MatchEntry =>
  Object.fromEntries(
    [...Map.groupBy(matchers, ({ name }) => name)].map(([name, those]) => {
      if (those.length > 1) return [name, those.map(longOf) as MatchValue]
      const short = shortOf(those[0]!)
      const same = short !== undefined && isDeepStrictEqual(matcherOf(name, short), those)
      return [name, same ? short : longOf(those[0]!)]
    }),
  )
