import type { RuleSpec } from '#core/rule/rule-spec.ts'
import { durationText } from '#lib/time/duration.ts'

/** A rule that knows its channels by their names. */
export type NamedRule = Omit<RuleSpec, 'channelIds'> & { readonly channels: readonly string[] }

/** What a file would say of a rule, everything written out. */
export const ruleEntryOf = (rule: NamedRule) => ({
  name: rule.name,
  type: rule.type,
  ...(rule.description !== '' && { description: rule.description }),
  ...(!rule.enabled && { enabled: false }),
  conditions: rule.conditions,
  ...(rule.severity !== null && { severity: rule.severity }),
  channels: [...rule.channels],
  cooldown: durationText(rule.cooldownMs),
  ...(rule.cooldownScope !== 'subject' && { cooldown_scope: rule.cooldownScope }),
  reminder: rule.reminderMs.length === 0 ? (0 as const) : rule.reminderMs.map(durationText),
  // Where nobody said it, the source of the event does.
  ...(!rule.recoveryOfSource && { notify_recovery: rule.notifyRecovery }),
  resolve_after: rule.resolveAfterMs === null ? null : durationText(rule.resolveAfterMs),
  ...(rule.rate && {
    rate: {
      at_least: rule.rate.atLeast,
      within: durationText(rule.rate.withinMs),
      ...(rule.rate.distinct !== undefined && { distinct: rule.rate.distinct }),
      ...(rule.rate.by !== undefined && { by: [...rule.rate.by] }),
    },
  }),
  ...(Object.keys(rule.templates).length > 0 && { templates: { ...rule.templates } }),
})
