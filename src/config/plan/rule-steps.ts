import type { WrittenRule } from '#core/rule/rule-spec.ts'
import type { WantedRule } from '../rules.ts'
import type { NamedRule } from '../words/rule-words.ts'
import type { Present } from './present.ts'
import { sameWords } from './same-words.ts'
import { didByHand, leftOver, type Step, type Taking } from './step.ts'

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
  const byName = new Map(stored.map((rule) => [rule.name, rule]))
  const names = new Set(wanted.map(({ name }) => name))
  const steps = wanted.map((spec): RuleStep => {
    const { name } = spec
    const before = byName.get(name)
    if (!before) return { did: 'created', name, spec }
    const same = () => sameRule(before, spec)
    if (taking.as === 'apply') return { did: didByHand(before, same), name, spec, before }
    return { did: same() && before.origin !== undefined ? 'same' : 'changed', name, spec, before }
  })
  return [
    ...steps,
    ...leftOver(
      stored.filter(({ name }) => !names.has(name)),
      taking,
    ),
  ]
}
