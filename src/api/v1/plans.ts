import type { FastifyInstance } from 'fastify'
import type { Matcher } from '#core/rule/matcher.ts'
import { type Static, Type } from '#lib/schema.ts'
import { DURATION_PATTERN, durationText, parseDuration } from '#lib/time/duration.ts'
import { iso } from '#lib/time/iso.ts'
import type { MaintenancePlan } from '#storage/maintenance-plans.ts'
import { byOf } from '../access/by.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { idParams } from './lists.ts'
import { matchersSchema } from './quiets.ts'

const newPlan = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    matchers: matchersSchema,
    cron: Type.String({ maxLength: 100, description: 'When it begins, five fields, as "0 2 * * 2"' }),
    duration: Type.String({ pattern: DURATION_PATTERN, maxLength: 20, description: 'How long it lasts, as 4h' }),
    time_zone: Type.Optional(Type.String({ maxLength: 100, description: 'Whose clock; default: UTC' })),
  },
  { additionalProperties: false },
)
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

const view = ({ id, name, matchers, when, createdBy, createdAt, origin }: MaintenancePlan) => ({
  id,
  name,
  matchers,
  ...timesOf(when),
  created_by: createdBy,
  created_at: iso(createdAt),
  origin: origin ?? null,
})

/** Maintenance windows that come again and again; each occurrence becomes a window a day before it begins. */
export const addPlanRoutes = (app: FastifyInstance, { storage, operations: { plans } }: Services): void => {
  app.get('/maintenance/plans', { schema: { summary: 'Maintenance windows that come again' } }, async () => ({
    items: (await storage.maintenancePlans.list()).map(view),
    next_cursor: null,
  }))

  app.post<{ Body: NewPlan }>(
    '/maintenance/plans',
    { schema: { summary: 'Plan a maintenance window that comes again', body: newPlan } },
    async (request, reply) => {
      const { name, matchers, cron, duration, time_zone: timeZone = 'UTC' } = request.body
      const planned = await plans.plan(byOf(request), {
        name,
        matchers: matchers as readonly Matcher[],
        when: { cron, durationMs: parseDuration(duration)!, timeZone },
      })
      return planned.ok ? reply.status(201).send(view(planned.value)) : refuse(reply, planned.problem)
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
