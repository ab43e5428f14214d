import type { JsonObject } from '#lib/json.ts'
import { fieldReader } from './condition-field.ts'
import { scalarKey } from './condition-operators.ts'
import { type CompiledRule, hasOwnRules } from './rule-spec.ts'

/** The enabled rules by what they look at. */
export interface RuleIndex {
  /** All that look at events of this type, in the order of their ids. */
  candidates(type: string): readonly CompiledRule[]
  /** Those of them whose conditions hold for an event's fields, in the same order. */
  matching(type: string, fields: JsonObject): readonly CompiledRule[]
}

/** Rules that need a field to have one of a few values, by that value. */
interface FieldTable {
  readonly read: (data: unknown) => unknown
  readonly byValue: Map<unknown, CompiledRule[]>
}

/** The rules of one event type. */
interface TypeRules {
  readonly all: readonly CompiledRule[]
  readonly tables: readonly FieldTable[]
  /** Those that need no certain value: each one is asked. */
  readonly rest: readonly CompiledRule[]
}

const NONE: TypeRules = { all: [], tables: [], rest: [] }

const byId = (a: CompiledRule, b: CompiledRule): number => a.id - b.id

const typeRules = (rules: readonly CompiledRule[]): TypeRules => {
  const tables = new Map<string, FieldTable>()
  const rest: CompiledRule[] = []
  for (const rule of rules) {
    const { needs } = rule.conditions
    if (!needs) {
      rest.push(rule)
      continue
    }
    const table = tables.get(needs.field) ?? { read: fieldReader(needs.field), byValue: new Map() }
    tables.set(needs.field, table)
    for (const value of new Set(needs.values.map(scalarKey))) {
      const same = table.byValue.get(value)
      if (same) same.push(rule)
      else table.byValue.set(value, [rule])
    }
  }
  return { all: rules, tables: [...tables.values()], rest }
}

const matchingRules = ({ tables, rest }: TypeRules, fields: JsonObject): readonly CompiledRule[] => {
  const found: CompiledRule[] = []
  for (const { read, byValue } of tables) {
    const same = byValue.get(scalarKey(read(fields) ?? null))
    if (same) for (const rule of same) if (rule.conditions.test(fields)) found.push(rule)
  }
  for (const rule of rest) if (rule.conditions.test(fields)) found.push(rule)
  return found.length > 1 ? found.sort(byId) : found
}

/**
 * Prepares rules for thousands of events a second: by event type, and within it by the values that they need, so that
 * most rules are never asked about an event that cannot concern them.
 */
export const createRuleIndex = (rules: readonly CompiledRule[]): RuleIndex => {
  const byType = Map.groupBy(
    rules.filter(({ spec }) => spec.enabled),
    ({ spec }) => spec.type,
  )
  const custom = byType.get('custom') ?? []
  const known = new Map<string, TypeRules>()
  for (const [type, own] of byType) {
    const joined = hasOwnRules(type) || type === 'custom' ? own : [...own, ...custom]
    known.set(type, typeRules(joined.toSorted(byId)))
  }
  const rulesOf = (type: string): TypeRules =>
    known.get(type) ?? (hasOwnRules(type) ? NONE : (known.get('custom') ?? NONE))
  return {
    candidates: (type) => rulesOf(type).all,
    matching: (type, fields) => matchingRules(rulesOf(type), fields),
  }
}
