import type { FastifyInstance } from 'fastify'
import { newRuleSchema, ruleChangeOf, ruleChangeSchema, ruleOf } from '#core/rule/rule-entry.ts'
import type { RuleSpec } from '#core/rule/rule-spec.ts'
import { type Static, Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import { byOf } from '../access/by.ts'
import { notFound, problem } from '../problem.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { isFault, readEvent } from './event-form.ts'
import { backtestView } from './explain-view.ts'
import { idParams } from './lists.ts'
import { ruleView } from './rule-view.ts'

const DAY_MS = 86_400_000
const backtestBody = Type.Object(
  {
    rule: newRuleSchema,
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 365, default: 7, description: 'How far to look back' })),
  },
  { additionalProperties: false },
)
const previewBody = Type.Object(
  {
    templates: Type.Object({
      subject: Type.Optional(Type.String()),
      text: Type.Optional(Type.String()),
      html: Type.Optional(Type.String()),
    }),
    event: Type.Unknown({ description: 'A sample event, as it would be sent' }),
  },
  { additionalProperties: false },
)

export const addRuleRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, now } = services
  const channelName = (id: number) => services.channels().find((channel) => channel.id === id)?.name
  const view = (rule: Parameters<typeof ruleView>[0]) => ruleView(rule, channelName)

  app.get('/rules', { schema: { summary: 'All rules' } }, async () => ({
    items: (await storage.rules.list()).map(view),
    next_cursor: null,
  }))

  app.get<{ Params: { id: number } }>(
    '/rules/:id',
    { schema: { summary: 'One rule', params: idParams } },
    async ({ params: { id } }, reply) => {
      const rule = await storage.rules.byId(id)
      return rule ? view(rule) : notFound(reply, 'rule')
    },
  )

  app.post<{ Body: Static<typeof newRuleSchema> }>(
    '/rules',
    { schema: { summary: 'Make a rule', body: newRuleSchema } },
    async (request, reply) => {
      const read = ruleChangeOf(request.body, services.channels())
      if ('path' in read) return refuse(reply, { code: 'invalid_input', ...read })
      const spec = ruleOf(read.change as Partial<RuleSpec> & Pick<RuleSpec, 'name' | 'type'>)
      const saved = await services.operations.rules.create(byOf(request), spec)
      return saved.ok ? reply.status(201).send(view(saved.value)) : refuse(reply, saved.problem)
    },
  )

  app.patch<{ Params: { id: number }; Body: Static<typeof ruleChangeSchema> }>(
    '/rules/:id',
    {
      schema: {
        summary: 'Change a rule; with If-Match only while its updated_at is still that',
        params: idParams,
        body: ruleChangeSchema,
      },
    },
    async (request, reply) => {
      const seen = request.headers['if-match']
      if (seen !== undefined) {
        const present = await storage.rules.byId(request.params.id)
        if (present && seen !== `"${iso(present.updatedAt)}"`)
          return problem(
            reply,
            412,
            'changed_meanwhile',
            `${present.updatedBy ?? 'Somebody'} changed this rule at ${iso(present.updatedAt)}; load it again.`,
          )
      }
      const read = ruleChangeOf(request.body, services.channels())
      if ('path' in read) return refuse(reply, { code: 'invalid_input', ...read })
      const saved = await services.operations.rules.update(byOf(request), request.params.id, read.change)
      return saved.ok ? view(saved.value) : refuse(reply, saved.problem)
    },
  )

  app.delete<{ Params: { id: number } }>(
    '/rules/:id',
    { schema: { summary: 'Delete a rule', params: idParams } },
    async (request, reply) => {
      const removed = await services.operations.rules.remove(byOf(request), request.params.id)
      return removed.ok ? reply.status(204).send() : refuse(reply, removed.problem)
    },
  )

  app.post<{ Body: { rule: Static<typeof newRuleSchema>; days: number } }>(
    '/rules/backtest',
    { schema: { summary: 'What an unsaved rule would have sent', body: backtestBody } },
    async ({ body: { rule, days } }, reply) => {
      const read = ruleChangeOf(rule, services.channels())
      if ('path' in read) return refuse(reply, { code: 'invalid_input', ...read, path: `rule.${read.path}` })
      const spec = ruleOf(read.change as Partial<RuleSpec> & Pick<RuleSpec, 'name' | 'type'>)
      const result = await services.backtest(spec, now() - days * DAY_MS)
      return result.ok
        ? { time_zone: services.timeZone(), ...backtestView(result.value) }
        : refuse(reply, result.problem)
    },
  )

  app.post<{ Body: { templates: RuleSpec['templates']; event: unknown } }>(
    '/rules/preview',
    {
      schema: { summary: 'Templates as they would be sent for a sample event', body: previewBody },
    },
    async ({ body: { templates, event: sent } }, reply) => {
      const event = readEvent(sent, 'event', now())
      if (isFault(event)) return problem(reply, 400, 'invalid_input', `${event.path} ${event.message}`, [event])
      const result = await services.preview(templates, event)
      return result.ok ? result.value : refuse(reply, result.problem)
    },
  )
}
