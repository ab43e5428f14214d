import type { FastifyInstance } from 'fastify'
import type { Matcher } from '#core/rule/matcher.ts'
import { done } from '#lib/result.ts'
import { type Static, Type } from '#lib/schema.ts'
import { DURATION_PATTERN, durationText, parseDuration } from '#lib/time/duration.ts'
import { iso } from '#lib/time/iso.ts'
import type { MaintenancePlan } from '#storage/maintenance-plans.ts'
import { byOf } from '../access/by.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { idParams } from './lists.ts'
import { tellingOf, tellView, windowFields } from './maintenance-form.ts'

/** When a window comes again. */
export const recurrenceFields = {
  cron: Type.String({ maxLength: 100, description: 'When it begins, five fields, as "0 2 * * 2"' }),
  duration: Type.String({ pattern: DURATION_PATTERN, maxLength: 20, description: 'How long it lasts, as 4h' }),
  time_zone: Type.Optional(Type.String({ maxLength: 100, description: 'Whose clock; default: UTC' })),
}
const newPlan = Type.Object({ ...windowFields, ...recurrenceFields }, { additionalProperties: false })
type NewPlan = Static<typeof newPlan>

const timesOf = (when: MaintenancePlan['when']) =>
  'cron' in when
    ? { cron: when.cron, starts_at: null, duration: durationText(when.durationMs), time_zone: when.timeZone }
    : {
        cron: null,
        starts_at: iso(when.startsAt),
        duration: durationText(when.endsAt - when.startsAt),
        time_zone: 'UTC',
      }

const view = (plan: MaintenancePlan, channels: ReturnType<Services['channels']>) => ({
  id: plan.id,
  name: plan.name,
  matchers: plan.matchers,
  behind: plan.behind,
  note: plan.note,
  tell: tellView(plan.tell, channels),
  ...timesOf(plan.when),
  created_by: plan.createdBy,
  created_at: iso(plan.createdAt),
  origin: plan.origin ?? null,
})

/** Maintenance windows that come again and again; each occurrence becomes a window a day before it begins. */
export const addPlanRoutes = (app: FastifyInstance, { storage, channels, operations: { plans } }: Services): void => {
  const planOf = ({ name, matchers, behind = false, note = '', tell, ...when }: NewPlan) => {
    const told = tellingOf(tell as never, channels())
    if (!told.ok) return told
    const { cron, duration, time_zone: timeZone = 'UTC' } = when
    return done({
      name,
      matchers: matchers as readonly Matcher[],
      behind,
      note,
      ...(told.value && { tell: told.value }),
      when: { cron, durationMs: parseDuration(duration)!, timeZone },
    })
  }

  app.get('/maintenance/plans', { schema: { summary: 'Maintenance windows that come again' } }, async () => ({
    items: (await storage.maintenancePlans.list()).map((plan) => view(plan, channels())),
    next_cursor: null,
  }))

  app.post<{ Body: NewPlan }>(
    '/maintenance/plans',
    { schema: { summary: 'Plan a maintenance window that comes again', body: newPlan } },
    async (request, reply) => {
      const plan = planOf(request.body)
      if (!plan.ok) return refuse(reply, plan.problem)
      const planned = await plans.plan(byOf(request), plan.value)
      return planned.ok ? reply.status(201).send(view(planned.value, channels())) : refuse(reply, planned.problem)
    },
  )

  app.put<{ Params: { id: number }; Body: NewPlan }>(
    '/maintenance/plans/:id',
    { schema: { summary: 'Change a maintenance window that comes again', params: idParams, body: newPlan } },
    async (request, reply) => {
      const plan = planOf(request.body)
      if (!plan.ok) return refuse(reply, plan.problem)
      const planned = await plans.change(byOf(request), request.params.id, plan.value)
      return planned.ok ? view(planned.value, channels()) : refuse(reply, planned.problem)
    },
  )

  app.delete<{ Params: { id: number } }>(
    '/maintenance/plans/:id',
    { schema: { summary: 'Plan it no longer; a window that runs ends', params: idParams } },
    async (request, reply) => {
      const removed = await plans.remove(byOf(request), request.params.id)
      return removed.ok ? reply.status(204).send() : refuse(reply, removed.problem)
    },
  )
}
