import { readFileSync } from 'node:fs'
import { because } from '#core/cause/cause.ts'
import { compileConditions } from '#core/rule/condition.ts'
import { ruleChangeOf, ruleOf } from '#core/rule/rule-entry.ts'
import type { RuleSpec } from '#core/rule/rule-spec.ts'
import type { Said } from '#core/said.ts'
import { PARTS, type Part } from '#templates/jinja/parts.ts'
import { conditionSaid } from '#templates/said.ts'
import { readSource } from './read-source.ts'
import { type FileContent, fileSchema } from './schema.ts'
import { type ConfigProblem, type ConfigSource, problemText } from './source.ts'
import { usedSchema } from './used-schema.ts'
import { validate } from './validate.ts'

/** A rule that a file names; its channels by name, for they have no ids yet. */
export type WantedRule = Omit<RuleSpec, 'channelIds'> & {
  readonly channels: readonly string[]
  readonly origin: string
}

/** What is wrong with a template whatever an event is. */
export type TemplateJudge = (part: Part, template: string) => Said | undefined

interface RuleBuild {
  readonly source: ConfigSource
  readonly problems: ConfigProblem[]
  readonly templateFault?: TemplateJudge | undefined
}

/** The rules of a file, as the API would take them. */
export const buildRules = (content: FileContent, { source, problems, templateFault }: RuleBuild): WantedRule[] => {
  const names = new Set<string>()
  return (content.rules ?? []).map((entry, index) => {
    const path = ['rules', index]
    if (names.has(entry.name))
      problems.push(source.problem([...path, 'name'], because('config_name_taken', { name: entry.name })))
    names.add(entry.name)
    const conditions = compileConditions(entry.conditions ?? {})
    if (!conditions.ok) {
      const said = conditionSaid(conditions)
      problems.push(source.problem([...path, ...conditions.path.split('.')], said.message, undefined, said))
    }
    for (const part of PARTS) {
      const template = entry.templates?.[part]
      const fault = template === undefined ? undefined : templateFault?.(part, template)
      if (fault) problems.push(source.problem([...path, 'templates', part], fault.message, undefined, fault))
    }
    const { channels, ...form } = entry
    const read = ruleChangeOf(form, [])
    if ('path' in read)
      problems.push(source.problem([...path, ...read.path.split('.')], `${read.path}: ${read.message}`))
    const change = 'change' in read ? read.change : {}
    const { channelIds: _, ...spec } = ruleOf({ ...change, name: entry.name, type: entry.type })
    return { ...spec, channels: (channels ?? []).map(String), origin: source.origin(path) }
  })
}

/** The rules of a file and nothing else of it: its channels may be missing, and the environment that they refer to. */
export const loadRules = (
  path: string,
): { readonly rules: readonly WantedRule[] } | { readonly problems: readonly string[] } => {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return { problems: [`${path}: ${code === 'ENOENT' ? 'no such file' : `cannot be read: ${code ?? message}`}`] }
  }
  const read = readSource(text, path, undefined)
  if (!read.ok) return { problems: read.problems.map(problemText) }
  const { source } = read
  const problems = [...validate(usedSchema(fileSchema, source.value), source.value, [], source)]
  const rules = problems.length > 0 ? [] : buildRules(source.value as FileContent, { source, problems })
  return problems.length > 0 ? { problems: problems.map(problemText) } : { rules }
}
