import type { Json } from '#lib/json.ts'
import { own } from '#lib/own.ts'
import type { Severity } from '../event/severity.ts'
import { type CompiledConditions, compileConditions } from './condition.ts'
import { createRate, type Rate } from './rate.ts'
import type { Rule } from './rule.ts'

/** What a written rule says, without the id that storage gives it. Durations in ms. */
export interface RuleSpec {
  readonly name: string
  readonly description: string
  /** Event type that it looks at; `custom` also looks at types that no other rule type names. */
  readonly type: string
  readonly conditions: Json
  /** Events below it are passed over; null looks at all. */
  readonly severity: Severity | null
  readonly channelIds: readonly number[]
  readonly cooldownMs: number
  /** `rule`: one cooldown for all subjects together, as the older panel counted. */
  readonly cooldownScope: 'subject' | 'rule'
  readonly reminderMs: readonly number[]
  readonly notifyRecovery: boolean
  /** True where nobody said whether ends are told: those that the event's own source tells are. */
  readonly recoveryOfSource?: boolean
  /** Without a new event for so long, the alert ends; null: never by itself. */
  readonly resolveAfterMs: number | null
  /** At least so many events, or distinct values of a field, of one subject within a window. */
  readonly rate: RuleRate | null
  readonly templates: RuleTemplates
  readonly enabled: boolean
  /** `file:line` for a rule that a file owns. */
  readonly origin?: string
}

interface RuleRate {
  readonly atLeast: number
  readonly withinMs: number
  readonly distinct?: string
  /** Fields whose values are counted apart, and are what the alert is about; absent: the event's subject. */
  readonly by?: readonly string[]
}

export interface RuleTemplates {
  readonly subject?: string
  readonly text?: string
  readonly html?: string
}

export interface WrittenRule extends RuleSpec {
  readonly id: number
  /** Events that passed its conditions and its threshold. */
  readonly triggers: number
  readonly lastTriggeredAt: number | null
  readonly createdAt: number
  readonly createdBy: string | null
  readonly updatedAt: number
  readonly updatedBy: string | null
}

/** A written rule, ready to look at events. */
export interface CompiledRule extends Rule {
  readonly id: number
  readonly name: string
  readonly spec: WrittenRule
  readonly conditions: Extract<CompiledConditions, { ok: true }>
  readonly rate: Rate | undefined
}

const HOUR = 3_600_000

/** What a rule says that leaves everything out: it looks at every event of its type. */
export const RULE_DEFAULTS: Omit<RuleSpec, 'name' | 'type'> = {
  description: '',
  conditions: {},
  severity: null,
  channelIds: [],
  cooldownMs: 0,
  cooldownScope: 'subject',
  reminderMs: [],
  notifyRecovery: false,
  resolveAfterMs: HOUR,
  rate: null,
  templates: {},
  enabled: true,
}

/** Whether a rule that is changed goes on with what it looked at: else its open alerts would never hear of their end. */
export const looksOn = (before: RuleSpec, { enabled, type, rate }: RuleSpec): boolean =>
  (enabled || !before.enabled) && type === before.type && JSON.stringify(rate?.by) === JSON.stringify(before.rate?.by)

const MINUTE = 60_000

/** Cooldowns that the older panel's document recommends per event type, proposed where a rule names none. */
const RECOMMENDED_COOLDOWN: Readonly<Record<string, number>> = {
  ml_prediction: 30 * MINUTE,
  zeek_detection: 15 * MINUTE,
  fail2ban_ban: 60 * MINUTE,
  port_state: 5 * MINUTE,
  channel_failed: 60 * MINUTE,
}

/** Which cooldown fits a type of rule, ms; 0 for every type of which nothing is known. */
export const recommendedCooldown = (type: string): number => own(RECOMMENDED_COOLDOWN, type) ?? 0

/** Prepares a written rule. Conditions were checked when it was saved; one that no longer compiles never matches. */
export const compileRule = (spec: WrittenRule): CompiledRule | undefined => {
  const conditions = compileConditions(spec.conditions)
  if (!conditions.ok) return undefined
  return {
    id: spec.id,
    name: spec.name,
    monitorId: null,
    channelIds: spec.channelIds,
    reminderMs: spec.reminderMs,
    cooldownMs: spec.cooldownMs,
    cooldownScope: spec.cooldownScope,
    resolveAfterMs: spec.resolveAfterMs,
    subjectBy: spec.rate?.by,
    ...(spec.rate && { rateAsked: spec.rate }),
    repeats: true,
    notifyRecovery: spec.notifyRecovery,
    ...(spec.recoveryOfSource && { recoveryOfSource: true }),
    spec,
    conditions,
    rate: spec.rate ? createRate(spec.rate) : undefined,
  }
}

/** Types that have rules of their own; events of other types are also looked at by rules of type `custom`. */
const NAMED_TYPES = new Set([
  'monitor_state',
  'ml_prediction',
  'zeek_detection',
  // What is too little to be told: only who asks for it by name hears of it.
  'zeek_signal',
  'fail2ban_ban',
  'port_state',
  'channel_failed',
])

/** Whether only rules of its own name look at events of this type. */
export const hasOwnRules = (eventType: string): boolean => NAMED_TYPES.has(eventType)

/** Whether a rule of `ruleType` looks at events of `eventType`. */
export const looksAt = (ruleType: string, eventType: string): boolean =>
  ruleType === eventType || (ruleType === 'custom' && !hasOwnRules(eventType))
