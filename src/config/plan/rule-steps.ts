import type { WrittenRule } from '#core/rule/rule-spec.ts'
import type { WantedRule } from '../rules.ts'
import type { NamedRule } from '../words/rule-words.ts'
import type { Present } from './present.ts'
import { sameWords } from './same-words.ts'
import { namedSteps, type Step, type Taking } from './step.ts'

type StoredRule = WrittenRule & NamedRule
export type RuleStep = Step<WantedRule, StoredRule>

/** Whether a stored rule says the same, wherever that stands. */
const sameRule = (stored: StoredRule, { origin: _, ...wanted }: WantedRule): boolean =>
  (Object.keys(wanted) as (keyof typeof wanted)[]).every((key) =>
    // Of a rule that says nothing of it, it is not so.
    sameWords(key === 'recoveryOfSource' ? (stored[key] ?? false) : stored[key], wanted[key]),
  )

export const ruleSteps = (
  wanted: readonly WantedRule[],
  { rules }: Pick<Present, 'rules'>,
  taking: Taking,
  channelName: (id: number) => string | undefined,
): RuleStep[] => {
  const stored = rules.map(
    (rule): StoredRule => ({
      ...rule,
      channels: rule.channelIds.flatMap((id) => channelName(id) ?? []),
    }),
  )
  return namedSteps(wanted, stored, sameRule, taking)
}
