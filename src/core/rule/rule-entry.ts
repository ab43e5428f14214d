import type { Json } from '#lib/json.ts'
import { type Static, Type } from '#lib/schema.ts'
import { DURATION_PATTERN, parseDuration } from '#lib/time/duration.ts'
import { endsBySource } from '../event/ends-by-source.ts'
import { SEVERITIES, type Severity } from '../event/severity.ts'
import type { Problem } from '../problem.ts'
import { RULE_DEFAULTS, type RuleSpec, recommendedCooldown } from './rule-spec.ts'

const duration = (description: string) => Type.String({ pattern: DURATION_PATTERN, maxLength: 20, description })
const reminder = Type.Union([Type.Literal(0), duration(''), Type.Array(duration(''), { maxItems: 20 })], {
  description: 'Waits between reminders while it lasts; the last one goes on; 0: none',
})
const TEMPLATE = { maxLength: 100_000 }

const fields = {
  description: Type.Optional(Type.String({ maxLength: 2000 })),
  conditions: Type.Optional(
    Type.Unknown({ description: '{field: {operator, value}}; all, any, not nest; {} always holds' }),
  ),
  severity: Type.Optional(
    Type.Union([Type.Enum(SEVERITIES as unknown as string[]), Type.Null()], {
      description: 'Events below it are passed over',
    }),
  ),
  channels: Type.Optional(
    Type.Array(Type.Union([Type.String(), Type.Integer()]), { maxItems: 100, description: 'Names or ids' }),
  ),
  cooldown: Type.Optional(duration('Smallest gap between two messages; default: what is recommended for the type')),
  cooldown_scope: Type.Optional(Type.Enum(['subject', 'rule'])),
  reminder: Type.Optional(reminder),
  notify_recovery: Type.Optional(Type.Boolean()),
  resolve_after: Type.Optional(
    Type.Union([duration(''), Type.Null()], { description: 'Without a new event for so long the alert ends' }),
  ),
  rate: Type.Optional(
    Type.Union([
      Type.Null(),
      Type.Object(
        {
          at_least: Type.Integer({ minimum: 1, maximum: 1000 }),
          within: duration('Length of the window'),
          distinct: Type.Optional(Type.String({ description: 'Count different values of this field' })),
          by: Type.Optional(
            Type.Array(Type.String(), {
              minItems: 1,
              maxItems: 5,
              description: 'Count together what has the same values of these fields; default: the same subject',
            }),
          ),
        },
        { additionalProperties: false },
      ),
    ]),
  ),
  templates: Type.Optional(
    Type.Object(
      {
        subject: Type.Optional(Type.String({ maxLength: 1000 })),
        text: Type.Optional(Type.String(TEMPLATE)),
        html: Type.Optional(Type.String(TEMPLATE)),
      },
      { additionalProperties: false, description: 'Jinja2' },
    ),
  ),
  enabled: Type.Optional(Type.Boolean({ default: true })),
}

const name = Type.String({ minLength: 1, maxLength: 200 })
const type = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'Event type; custom also looks at unnamed types',
})

export const newRuleSchema = Type.Object({ name, type, ...fields }, { additionalProperties: false })
export const ruleChangeSchema = Type.Object(
  { name: Type.Optional(name), type: Type.Optional(type), ...fields, enabled: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
)

type Form = Static<typeof ruleChangeSchema>

const ms = (text: string): number => parseDuration(text)!

const reminders = (value: Exclude<Form['reminder'], undefined>): number[] =>
  value === 0 ? [] : (Array.isArray(value) ? value : [value as string]).map(ms).filter((wait) => wait > 0)

/** Ids of named channels; the name that is none as it stands. */
const channelIds = (
  wanted: readonly (string | number)[],
  channels: readonly { readonly id: number; readonly name: string }[],
): number[] | { readonly index: number } => {
  const ids = wanted.map((one) => (typeof one === 'number' ? one : channels.find(({ name }) => name === one)?.id))
  const missing = ids.indexOf(undefined)
  return missing >= 0 ? { index: missing } : (ids as number[])
}

const noChannel = (index: number, name: string): Omit<Problem, 'code'> => ({
  path: `channels.${index}`,
  message: `there is no channel ${name}`,
  fault: { code: 'no_channel', facts: { name } },
})

/** What a form changes of a rule, in the core's units; or the path of what is wrong. */
export const ruleChangeOf = (
  form: Form,
  channels: readonly { readonly id: number; readonly name: string }[],
): { readonly change: Partial<RuleSpec> } | Omit<Problem, 'code'> => {
  const ids = form.channels === undefined ? undefined : channelIds(form.channels as (string | number)[], channels)
  if (ids !== undefined && !Array.isArray(ids)) return noChannel(ids.index, String(form.channels![ids.index]))
  const change: { -readonly [Key in keyof RuleSpec]?: RuleSpec[Key] } = {}
  if (form.name !== undefined) change.name = form.name
  if (form.type !== undefined) change.type = form.type
  if (form.description !== undefined) change.description = form.description
  if (form.conditions !== undefined) change.conditions = form.conditions as Json
  if (form.severity !== undefined) change.severity = form.severity as Severity | null
  if (ids !== undefined) change.channelIds = ids
  if (form.cooldown !== undefined) change.cooldownMs = ms(form.cooldown)
  if (form.cooldown_scope !== undefined) change.cooldownScope = form.cooldown_scope as 'subject' | 'rule'
  if (form.reminder !== undefined) change.reminderMs = reminders(form.reminder)
  if (form.notify_recovery !== undefined) {
    change.notifyRecovery = form.notify_recovery
    change.recoveryOfSource = false
  }
  if (form.resolve_after !== undefined)
    change.resolveAfterMs = form.resolve_after === null ? null : ms(form.resolve_after as string)
  if (form.rate !== undefined) {
    const rate = form.rate as { at_least: number; within: string; distinct?: string; by?: string[] } | null
    if (rate && ms(rate.within) <= 0)
      return { path: 'rate.within', message: 'must be longer than 0', fault: { code: 'not_positive', facts: {} } }
    change.rate = rate && {
      atLeast: rate.at_least,
      withinMs: ms(rate.within),
      ...(rate.distinct !== undefined && { distinct: rate.distinct }),
      ...(rate.by !== undefined && { by: rate.by }),
    }
  }
  if (form.templates !== undefined) change.templates = form.templates as RuleSpec['templates']
  if (form.enabled !== undefined) change.enabled = form.enabled
  return { change }
}

/** A whole rule from what a form says, with the defaults of its type for the rest. */
export const ruleOf = (change: Partial<RuleSpec> & Pick<RuleSpec, 'name' | 'type'>): RuleSpec => ({
  ...RULE_DEFAULTS,
  cooldownMs: recommendedCooldown(change.type),
  notifyRecovery: endsBySource(change.type),
  recoveryOfSource: true,
  // Time says nothing of what its source ends.
  ...(endsBySource(change.type) && { resolveAfterMs: null }),
  ...change,
})
