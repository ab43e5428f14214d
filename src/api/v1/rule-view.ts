import type { WrittenRule } from '#core/rule/rule-spec.ts'
import { durationText } from '#lib/time/duration.ts'
import { iso } from '#lib/time/iso.ts'

/** A rule as the API tells of it: durations as text, channels by name. */
export const ruleView = (rule: WrittenRule, channelName: (id: number) => string | undefined) => ({
  id: rule.id,
  name: rule.name,
  description: rule.description,
  type: rule.type,
  conditions: rule.conditions,
  severity: rule.severity,
  channels: rule.channelIds.map((id) => channelName(id) ?? id),
  cooldown: durationText(rule.cooldownMs),
  cooldown_scope: rule.cooldownScope,
  reminder: rule.reminderMs.length === 0 ? 0 : rule.reminderMs.map(durationText),
  notify_recovery: rule.notifyRecovery,
  resolve_after: rule.resolveAfterMs === null ? null : durationText(rule.resolveAfterMs),
  rate: rule.rate && {
    at_least: rule.rate.atLeast,
    within: durationText(rule.rate.withinMs),
    ...(rule.rate.distinct !== undefined && { distinct: rule.rate.distinct }),
    ...(rule.rate.by !== undefined && { by: rule.rate.by }),
  },
  templates: rule.templates,
  enabled: rule.enabled,
  origin: rule.origin ?? null,
  triggers: rule.triggers,
  last_triggered_at: iso(rule.lastTriggeredAt),
  created_at: iso(rule.createdAt),
  created_by: rule.createdBy,
  updated_at: iso(rule.updatedAt),
  updated_by: rule.updatedBy,
})
