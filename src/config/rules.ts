import { compileConditions } from '#core/condition.ts'
import { ruleChangeOf, ruleOf } from '#core/rule-entry.ts'
import type { RuleSpec } from '#core/rule-spec.ts'
import type { FileContent } from './schema.ts'
import type { ConfigProblem, ConfigSource } from './source.ts'

/** A rule that a file names; its channels by name, for they have no ids yet. */
export type WantedRule = Omit<RuleSpec, 'channelIds'> & {
  readonly channels: readonly string[]
  readonly origin: string
}

/** The rules of a file, as the API would take them. */
export const buildRules = (
  content: FileContent,
  { source, problems }: { readonly source: ConfigSource; readonly problems: ConfigProblem[] },
): WantedRule[] => {
  const names = new Set<string>()
  return (content.rules ?? []).map((entry, index) => {
    const path = ['rules', index]
    if (names.has(entry.name))
      problems.push(source.problem([...path, 'name'], `name: ${entry.name} is taken already, choose another`))
    names.add(entry.name)
    const conditions = compileConditions(entry.conditions ?? {})
    if (!conditions.ok) problems.push(source.problem([...path, ...conditions.path.split('.')], conditions.message))
    const { channels, ...form } = entry
    const read = ruleChangeOf(form, [])
    if ('path' in read)
      problems.push(source.problem([...path, ...read.path.split('.')], `${read.path}: ${read.message}`))
    const change = 'change' in read ? read.change : {}
    const { channelIds: _, ...spec } = ruleOf({ ...change, name: entry.name, type: entry.type })
    return { ...spec, channels: (channels ?? []).map(String), origin: source.origin(path) }
  })
}
