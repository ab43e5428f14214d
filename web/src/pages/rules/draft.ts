import type { Rule, Severity } from '../../api/types.ts'
import { type Group, newGroup, readConditions, writeConditions } from './conditions.ts'

/** A rule while it is edited. Durations as text, as 30m. */
export interface Draft {
  readonly name: string
  readonly description: string
  readonly type: string
  /** The tree of the builder, or JSON as text where the builder does not show its form. */
  readonly conditions: Group | string
  readonly severity: Severity | null
  readonly channels: readonly string[]
  /** Empty: what is recommended for the type. */
  readonly cooldown: string
  readonly scope: 'subject' | 'rule'
  readonly reminder: readonly string[]
  readonly recovery: boolean | undefined
  readonly resolveAfter: string
  readonly rate: {
    readonly atLeast: number
    readonly within: string
    readonly distinct: string
    readonly by: readonly string[]
  } | null
  readonly templates: { readonly subject: string; readonly text: string; readonly html: string }
  readonly enabled: boolean
}

export const EMPTY_DRAFT: Draft = {
  name: '',
  description: '',
  type: 'custom',
  conditions: newGroup(),
  severity: null,
  channels: [],
  cooldown: '',
  scope: 'subject',
  reminder: [],
  recovery: undefined,
  resolveAfter: '1h',
  rate: null,
  templates: { subject: '', text: '', html: '' },
  enabled: true,
}

export const draftOf = (rule: Rule): Draft => ({
  name: rule.name,
  description: rule.description,
  type: rule.type,
  conditions: readConditions(rule.conditions) ?? JSON.stringify(rule.conditions, null, 2),
  severity: rule.severity,
  channels: rule.channels.map(String),
  cooldown: rule.cooldown,
  scope: rule.cooldown_scope,
  reminder: rule.reminder === 0 ? [] : (rule.reminder as readonly string[]),
  // Where nobody asked for it, what the sources end is told all the same: saying no to that is a choice of its own.
  recovery: rule.notify_recovery || undefined,
  resolveAfter: rule.resolve_after ?? '',
  rate: rule.rate && {
    atLeast: rule.rate.at_least,
    within: rule.rate.within,
    distinct: rule.rate.distinct ?? '',
    by: rule.rate.by ?? [],
  },
  templates: {
    subject: rule.templates.subject ?? '',
    text: rule.templates.text ?? '',
    html: rule.templates.html ?? '',
  },
  enabled: rule.enabled,
})

/** Templates that say something. */
export const templatesOf = ({ templates }: Draft): object =>
  Object.fromEntries(Object.entries(templates).filter(([, text]) => text.trim() !== ''))

const conditionsOf = ({ conditions }: Draft): unknown =>
  typeof conditions === 'string' ? JSON.parse(conditions) : writeConditions(conditions)

/** The rule as the server takes it. Throws SyntaxError where conditions that are edited as JSON are none. */
export const bodyOf = (draft: Draft): Readonly<Record<string, unknown>> => ({
  name: draft.name.trim(),
  description: draft.description,
  type: draft.type.trim(),
  conditions: conditionsOf(draft),
  severity: draft.severity,
  channels: draft.channels,
  ...(draft.cooldown !== '' && { cooldown: draft.cooldown }),
  cooldown_scope: draft.scope,
  reminder: draft.reminder.length === 0 ? 0 : draft.reminder,
  ...(draft.recovery !== undefined && { notify_recovery: draft.recovery }),
  resolve_after: draft.resolveAfter === '' ? null : draft.resolveAfter,
  rate: draft.rate && {
    at_least: draft.rate.atLeast,
    within: draft.rate.within,
    ...(draft.rate.distinct !== '' && { distinct: draft.rate.distinct }),
    ...(draft.rate.by.length > 0 && { by: draft.rate.by }),
  },
  templates: templatesOf(draft),
  enabled: draft.enabled,
})
