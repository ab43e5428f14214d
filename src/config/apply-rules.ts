import { looksOn, type WrittenRule } from '#core/rule/rule-spec.ts'
import type { Repositories } from '#storage/index.ts'
import type { RuleStep } from './plan/rule-steps.ts'
import type { Touch } from './touched.ts'

/** Ends the open alerts of a rule that is gone, is disabled, or looks at other events, and tells whom that concerns. */
export type EndOfRule = (before: WrittenRule, now: number, repositories: Repositories) => Promise<void>

interface Applying {
  /** How the rules themselves name who wrote them. */
  readonly by: string
  readonly endOf: EndOfRule
  readonly touch: Touch
}

/** Makes the stored rules those that are wanted; their channels are stored already. */
export const applyRules = async (
  steps: readonly RuleStep[],
  now: number,
  { by, endOf, touch }: Applying,
  repositories: Repositories,
) => {
  const { rules, channels } = repositories
  const idByName = new Map((await channels.list()).map(({ id, name }) => [name, id]))
  for (const { did, name, spec: wanted, before } of steps) {
    // Only a change is one: `explain` tells when a rule was changed after it looked.
    if (!wanted || (did !== 'created' && did !== 'changed')) continue
    const { channels: named, ...rule } = wanted
    const spec = { ...rule, channelIds: named.map((one) => idByName.get(one)!) }
    if (before && !looksOn(before, spec)) await endOf(before, now, repositories)
    if (before) await rules.update(before.id, spec, by, now)
    else await rules.insert(spec, by, now)
    touch('rule', did, name)
  }
  for (const { did, name, before } of steps) {
    if (did !== 'removed' || !before) continue
    await rules.remove(before.id, by, now)
    touch('rule', 'removed', name)
    await endOf(before, now, repositories)
  }
}
