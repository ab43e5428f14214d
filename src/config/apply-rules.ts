import { looksOn, type RuleSpec, type WrittenRule } from '#core/rule/rule-spec.ts'
import type { Repositories } from '#storage/index.ts'
import type { WantedRule } from './rules.ts'
import type { Touch } from './touched.ts'

/** How the audit and the rules themselves name a file. */
const BY_FILE = 'file'

/** Ends the open alerts of a rule that is gone, is disabled, or looks at other events, and tells whom that concerns. */
export type EndOfRule = (before: WrittenRule, now: number, repositories: Repositories) => Promise<void>

/** Whether a stored rule says the same as the file, wherever in the file that stands. */
const sameRule = (stored: WrittenRule, { origin: _, ...wanted }: RuleSpec): boolean =>
  (Object.keys(wanted) as (keyof typeof wanted)[]).every(
    (key) => JSON.stringify(stored[key]) === JSON.stringify(wanted[key]),
  ) && stored.origin !== undefined

/** Makes the stored rules of files those that are wanted. */
export const applyRules = async (
  wanted: readonly WantedRule[],
  now: number,
  endOf: EndOfRule,
  touch: Touch,
  repositories: Repositories,
) => {
  const { rules, channels } = repositories
  const current = await rules.list()
  const idByName = new Map((await channels.list()).map(({ id, name }) => [name, id]))
  const names = new Set(wanted.map(({ name }) => name))
  for (const { channels: named, ...rule } of wanted) {
    const spec = { ...rule, channelIds: named.map((name) => idByName.get(name)!) }
    const before = current.find(({ name }) => name === rule.name)
    // Only a change is one: `explain` tells when a rule was changed after it looked.
    if (before && sameRule(before, spec)) continue
    if (before && !looksOn(before, spec)) await endOf(before, now, repositories)
    if (before) await rules.update(before.id, spec, BY_FILE, now)
    else await rules.insert(spec, BY_FILE, now)
    touch('rule', before ? 'changed' : 'created', spec.name)
  }
  for (const gone of current.filter(({ name, origin }) => origin !== undefined && !names.has(name))) {
    await rules.remove(gone.id, BY_FILE, now)
    touch('rule', 'removed', gone.name)
    await endOf(gone, now, repositories)
  }
}
