import type { FastifyInstance } from 'fastify'
import { endsBySource } from '#core/event/ends-by-source.ts'
import { SEVERITIES, type Severity } from '#core/event/severity.ts'
import { RULE_DEFAULTS, type RuleSpec, type RuleTemplates, type WrittenRule } from '#core/rule/rule-spec.ts'
import type { Json } from '#lib/json.ts'
import { type Static, Type } from '#lib/schema.ts'
import { deliveryTotals } from '#pipeline/tell/delivery-totals.ts'
import { type DeliveryTotals, sumBy } from '#storage/delivery-totals.ts'
import { byOf } from '../access/by.ts'
import type { Services } from '../services.ts'
import { failure, olderTime, refuse, type Wording } from './answers.ts'
import { needs } from './bodies.ts'
import { idParams, oneOf } from './paths.ts'

const MINUTE_MS = 60_000
const TEN_YEARS_MINUTES = 5_256_000

const fields = {
  rule_name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  description: Type.Optional(Type.String({ maxLength: 2000 })),
  conditions: Type.Optional(Type.Unsafe<Json>({})),
  severity_threshold: Type.Optional(Type.Unsafe<Severity | '' | null>({ enum: [...SEVERITIES, '', null] })),
  channel_ids: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), { maxItems: 100 }),
  ),
  cooldown_minutes: Type.Optional(
    Type.Unsafe<number | null>({ type: ['number', 'null'], minimum: 0, maximum: TEN_YEARS_MINUTES }),
  ),
  message_template: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 100_000 })),
  subject_template: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 1000 })),
  is_enabled: Type.Optional(Type.Boolean()),
}
const newRule = Type.Object({ ...fields, rule_type: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) })
const ruleChange = Type.Object(fields)
type Form = Static<typeof ruleChange>

const MISSING = 'Regla no encontrada'
const PATHS: readonly (readonly [ours: RegExp, older: string])[] = [
  [/^name$/, 'rule_name'],
  [/^channels\b/, 'channel_ids'],
  [/^templates\.text$/, 'message_template'],
  [/^templates\.subject$/, 'subject_template'],
]
const wording: Wording = {
  missing: MISSING,
  taken: 'Ya existe una regla con ese nombre',
  pathOf: (path) => PATHS.reduce((place, [ours, older]) => place.replace(ours, older), path),
}

/** A template that is empty is none: our own words are sent. */
const templatesOf = ({ message_template, subject_template }: Form, before: RuleTemplates): RuleTemplates => {
  const wanted = {
    ...before,
    ...(message_template !== undefined && { text: message_template ?? '' }),
    ...(subject_template !== undefined && { subject: subject_template ?? '' }),
  }
  return Object.fromEntries(Object.entries(wanted).filter(([, template]) => template !== ''))
}

/** What a form changes of a rule. */
const changeOf = (form: Form, before: RuleTemplates): Partial<RuleSpec> => ({
  ...(form.rule_name !== undefined && { name: form.rule_name }),
  ...(form.description !== undefined && { description: form.description }),
  ...(form.conditions !== undefined && { conditions: form.conditions }),
  ...(form.severity_threshold !== undefined && { severity: form.severity_threshold || null }),
  ...(form.channel_ids !== undefined && { channelIds: form.channel_ids }),
  ...(form.cooldown_minutes !== undefined && { cooldownMs: Math.round((form.cooldown_minutes ?? 0) * MINUTE_MS) }),
  ...(form.is_enabled !== undefined && { enabled: form.is_enabled }),
  templates: templatesOf(form, before),
})

/** The older panel's defaults, not those that are recommended here. */
const ruleOf = (form: Required<Static<typeof newRule>>): RuleSpec => ({
  ...RULE_DEFAULTS,
  name: form.rule_name,
  type: form.rule_type,
  severity: 'LOW',
  notifyRecovery: endsBySource(form.rule_type),
  recoveryOfSource: true,
  ...changeOf(form, {}),
})

type RuleTotals = ReadonlyMap<number | null, Pick<DeliveryTotals, 'successes'>>

const view = (rule: WrittenRule, totals: RuleTotals) => ({
  id: rule.id,
  rule_name: rule.name,
  description: rule.description,
  rule_type: rule.type,
  conditions: rule.conditions,
  severity_threshold: rule.severity,
  channel_ids: rule.channelIds,
  is_enabled: rule.enabled,
  cooldown_minutes: rule.cooldownMs / MINUTE_MS,
  last_triggered_at: olderTime(rule.lastTriggeredAt),
  total_triggers: rule.triggers,
  // The name that the older panel's document and page gave to the same number.
  times_triggered: rule.triggers,
  total_alerts_sent: totals.get(rule.id)?.successes ?? 0,
  message_template: rule.templates.text ?? '',
  subject_template: rule.templates.subject ?? '',
})

export const addRules = (app: FastifyInstance, services: Services): void => {
  const { storage } = services
  const { rules } = services.operations
  const totalsByRule = async () => sumBy(await deliveryTotals(services), ({ ruleId }) => ruleId)
  const viewOf = async (rule: WrittenRule) => view(rule, await totalsByRule())

  app.get<{ Querystring: { rule_type?: string; is_enabled?: string } }>('/rules', async ({ query }) => {
    const enabled = query.is_enabled === undefined ? undefined : query.is_enabled.toLowerCase() === 'true'
    const found = (await storage.rules.list()).filter(
      (rule) => (!query.rule_type || rule.type === query.rule_type) && (enabled ?? rule.enabled) === rule.enabled,
    )
    const totals = await totalsByRule()
    return { success: true, rules: found.map((rule) => view(rule, totals)), total: found.length }
  })

  app.get<{ Params: { id: number } }>(
    oneOf('rules'),
    { schema: { params: idParams } },
    async ({ params: { id } }, reply) => {
      const rule = await storage.rules.byId(id)
      return rule ? { success: true, rule: await viewOf(rule) } : failure(reply, 404, MISSING)
    },
  )

  app.post<{ Body: Required<Static<typeof newRule>> }>(
    '/rules',
    { schema: { body: newRule }, preValidation: needs('rule_name', 'rule_type', 'conditions') },
    async (request, reply) => {
      const saved = await rules.create(byOf(request), ruleOf(request.body))
      if (!saved.ok) return refuse(reply, saved.problem, wording)
      const rule = await viewOf(saved.value)
      return { success: true, rule_id: rule.id, message: 'Regla creada exitosamente', rule }
    },
  )

  app.put<{ Params: { id: number }; Body: Form }>(
    oneOf('rules'),
    { schema: { params: idParams, body: ruleChange }, preValidation: needs() },
    async (request, reply) => {
      const { id } = request.params
      const before = await storage.rules.byId(id)
      if (!before) return failure(reply, 404, MISSING)
      const saved = await rules.update(byOf(request), id, changeOf(request.body, before.templates))
      if (!saved.ok) return refuse(reply, saved.problem, wording)
      return { success: true, message: 'Regla actualizada exitosamente', rule: await viewOf(saved.value) }
    },
  )

  app.delete<{ Params: { id: number } }>(oneOf('rules'), { schema: { params: idParams } }, async (request, reply) => {
    const removed = await rules.remove(byOf(request), request.params.id)
    if (!removed.ok) return refuse(reply, removed.problem, wording)
    return { success: true, message: 'Regla eliminada exitosamente' }
  })

  app.post<{ Params: { id: number } }>(
    oneOf('rules', 'toggle'),
    { schema: { params: idParams } },
    async (request, reply) => {
      const { id } = request.params
      const before = await storage.rules.byId(id)
      if (!before) return failure(reply, 404, MISSING)
      const saved = await rules.update(byOf(request), id, { enabled: !before.enabled })
      if (!saved.ok) return refuse(reply, saved.problem, wording)
      const { enabled } = saved.value
      return { success: true, message: enabled ? 'Regla habilitada' : 'Regla deshabilitada', is_enabled: enabled }
    },
  )
}
