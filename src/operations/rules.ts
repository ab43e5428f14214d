import { isDeepStrictEqual } from 'node:util'
import { allRefused, notThere, type Outcome, type Problem, refused } from '#core/problem.ts'
import { compileConditions } from '#core/rule/condition.ts'
import { looksOn, type RuleSpec, type WrittenRule } from '#core/rule/rule-spec.ts'
import type { Said } from '#core/said.ts'
import { nameTaken } from '#core/value-fault.ts'
import type { By } from '#core/who/by.ts'
import { done, type Failed } from '#lib/result.ts'
import type { EndOfRule } from '#pipeline/decide/end-of-rule.ts'
import type { Registry } from '#pipeline/decide/registry.ts'
import type { Storage } from '#storage/index.ts'
import { conditionSaid } from '#templates/said.ts'
import type { Naming } from './entry-details.ts'
import { changed, type Operate } from './operation.ts'

export interface RuleDeps {
  readonly operate: Operate
  readonly storage: Pick<Storage, 'rules'>
  readonly registry: Pick<Registry, 'channel'>
  readonly endOf: EndOfRule
  /** Undefined when the templates can be written, also for the events that the rule would look at. */
  readonly checkTemplates: (spec: RuleSpec) => Promise<(Said & Pick<Problem, 'path'>) | undefined>
  /** Puts what is stored in force. */
  readonly inForce: () => Promise<void>
}

/** Written rules as people manage them: checked before they are stored, in force when the answer comes. */
export interface RuleOperations {
  create(by: By, spec: RuleSpec): Promise<Outcome<WrittenRule>>
  update(by: By, id: number, change: Partial<RuleSpec>): Promise<Outcome<WrittenRule>>
  /** Its open alerts end; people are told nothing. */
  remove(by: By, id: number): Promise<Outcome<undefined>>
}

const LONGEST_RATE_COUNT = 1000

const named = ({ name, type }: RuleSpec): Naming => ({ name, type })

/** Whether a rule's messages are written as before: one that is only switched off is not judged anew. */
const writesAs = (before: RuleSpec, { type, conditions, severity, templates }: RuleSpec): boolean =>
  isDeepStrictEqual(
    [before.type, before.conditions, before.severity, before.templates],
    [type, conditions, severity, templates],
  )

export const createRuleOperations = (deps: RuleDeps): RuleOperations => {
  const { operate, storage, registry, endOf, checkTemplates, inForce } = deps

  const problemOf = async (spec: RuleSpec, before?: WrittenRule) => {
    const problems: Failed<Problem>[] = []
    const refuse = (...wrong: Parameters<typeof refused>) => problems.push(refused(...wrong))
    const other = await storage.rules.byName(spec.name)
    if (other && other.id !== before?.id)
      refuse('name_taken', 'name', `another rule is called ${spec.name}`, nameTaken(spec.name))
    const conditions = compileConditions(spec.conditions)
    if (!conditions.ok) {
      const said = conditionSaid(conditions)
      refuse('invalid_input', conditions.path, said.message, said)
    }
    const gone = spec.channelIds.findIndex((channelId) => !registry.channel(channelId))
    if (gone >= 0)
      refuse('invalid_input', `channels.${gone}`, `there is no channel ${spec.channelIds[gone]}`, {
        code: 'no_channel',
        facts: { name: String(spec.channelIds[gone]) },
      })
    if (spec.rate && spec.rate.atLeast > LONGEST_RATE_COUNT)
      refuse('invalid_input', 'rate.at_least', `at most ${LONGEST_RATE_COUNT}`, {
        code: 'too_large',
        facts: { limit: LONGEST_RATE_COUNT },
      })
    const template = before && writesAs(before, spec) ? undefined : await checkTemplates(spec)
    if (template) refuse('invalid_input', template.path, template.message, template)
    return allRefused(problems)
  }

  const ownOf = async (id: number): Promise<WrittenRule | Outcome<never>> => {
    const rule = await storage.rules.byId(id)
    if (!rule) return notThere('rule')
    return rule.origin === undefined ? rule : refused('owned_by_file', '', `This rule is written in ${rule.origin}.`)
  }

  return {
    create: async (by, spec) => {
      const problem = await problemOf(spec)
      if (problem) return problem
      const { value: id } = await operate(
        by,
        async ({ rules }, at) => {
          const objectId = await rules.insert(spec, by.name, at)
          return changed(objectId, { action: 'create', object: 'rule', objectId, after: named(spec) })
        },
        inForce,
      )
      return done((await storage.rules.byId(id))!)
    },
    update: async (by, id, change) => {
      const before = await ownOf(id)
      if ('ok' in before) return before
      const { triggers, lastTriggeredAt, createdAt, createdBy, updatedAt, updatedBy, id: _, ...spec } = before
      const wanted = { ...spec, ...change }
      const problem = await problemOf(wanted, before)
      if (problem) return problem
      await operate(
        by,
        async (repositories, at) => {
          if (!looksOn(before, wanted)) await endOf(before, at, repositories)
          await repositories.rules.update(id, wanted, by.name, at)
          const names = { before: named(before), after: named(wanted) }
          return changed(undefined, { action: 'update', object: 'rule', objectId: id, ...names })
        },
        inForce,
      )
      return done((await storage.rules.byId(id))!)
    },
    remove: async (by, id) => {
      const before = await ownOf(id)
      if ('ok' in before) return before
      return operate(
        by,
        async (repositories, at) => {
          await repositories.rules.remove(id, by.name, at)
          await endOf(before, at, repositories)
          return changed(undefined, { action: 'delete', object: 'rule', objectId: id, before: named(before) })
        },
        inForce,
      )
    },
  }
}
