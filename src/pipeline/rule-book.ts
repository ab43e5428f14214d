import { compileConditions } from '#core/condition.ts'
import { compileRule, looksOn, type RuleSpec, type RuleTemplates, type WrittenRule } from '#core/rule-spec.ts'
import { notSaved, type Saved, type SaveProblem } from '#core/saved.ts'
import type { Storage } from '#storage/index.ts'
import type { EndOfRule } from './end-of-rule.ts'
import type { Registry } from './registry.ts'

export interface RuleBookDeps {
  readonly storage: Storage
  readonly registry: Registry
  readonly now: () => number
  readonly endOf: EndOfRule
  /** Undefined when the templates compile. */
  readonly checkTemplates: (templates: RuleTemplates) => Promise<{ path: string; message: string } | undefined>
}

/** Written rules as people manage them: checked before they are stored, in force when the answer comes. */
export interface RuleBook {
  create(spec: RuleSpec, by: string): Promise<Saved<WrittenRule>>
  update(id: number, change: Partial<RuleSpec>, by: string): Promise<Saved<WrittenRule>>
  /** Its open alerts end; people are told nothing. */
  remove(id: number, by: string): Promise<boolean>
  reload(): Promise<void>
}

const LONGEST_RATE_COUNT = 1000

export const createRuleBook = ({ storage, registry, now, endOf, checkTemplates }: RuleBookDeps): RuleBook => {
  const invalid = (path: string, message: string): SaveProblem => ({ code: 'invalid_input', path, message })

  const problemOf = async (spec: RuleSpec, id?: number): Promise<SaveProblem | undefined> => {
    const conditions = compileConditions(spec.conditions)
    if (!conditions.ok) return invalid(conditions.path, conditions.message)
    const gone = spec.channelIds.findIndex((channelId) => !registry.channel(channelId))
    if (gone >= 0) return invalid(`channels.${gone}`, `there is no channel ${spec.channelIds[gone]}`)
    if (spec.rate && spec.rate.atLeast > LONGEST_RATE_COUNT)
      return invalid('rate.at_least', `at most ${LONGEST_RATE_COUNT}`)
    const template = await checkTemplates(spec.templates)
    if (template) return invalid(template.path, template.message)
    const other = await storage.rules.byName(spec.name)
    if (other && other.id !== id)
      return { code: 'name_taken', path: 'name', message: `another rule is called ${spec.name}` }
    return undefined
  }

  const reload = async () => registry.replaceRules(await storage.rules.list())

  const stored = async (id: number): Promise<Saved<WrittenRule>> => {
    await reload()
    return { ok: true, value: (await storage.rules.byId(id))! }
  }

  return {
    reload,
    create: async (spec, by) => {
      const problem = await problemOf(spec)
      if (problem) return { ok: false, problem }
      return stored(await storage.transaction(({ rules }) => rules.insert(spec, by, now())))
    },
    update: async (id, change, by) => {
      const before = await storage.rules.byId(id)
      if (!before) return { ok: false, problem: { code: 'not_found', path: '', message: `there is no rule ${id}` } }
      if (before.origin !== undefined) return notSaved('owned_by_file', '', `This rule is written in ${before.origin}.`)
      const { triggers, lastTriggeredAt, createdAt, createdBy, updatedAt, updatedBy, id: _, ...spec } = before
      const wanted = { ...spec, ...change }
      const problem = await problemOf(wanted, id)
      if (problem) return { ok: false, problem }
      await storage.transaction(async (repositories) => {
        if (!looksOn(before, wanted)) await endOf(before, now(), repositories)
        await repositories.rules.update(id, wanted, by, now())
      })
      return stored(id)
    },
    remove: async (id, by) => {
      const before = await storage.rules.byId(id)
      if (!before) return false
      await storage.transaction(async (repositories) => {
        await repositories.rules.remove(id, by, now())
        await endOf(before, now(), repositories)
      })
      await reload()
      return true
    },
  }
}

/** A rule that was never saved, ready to look at events: for a back-test or a preview. */
export const unsavedRule = (spec: RuleSpec) =>
  compileRule({
    ...spec,
    id: 0,
    triggers: 0,
    lastTriggeredAt: null,
    createdAt: 0,
    createdBy: null,
    updatedAt: 0,
    updatedBy: null,
  })
