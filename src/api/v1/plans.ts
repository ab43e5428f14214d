import type { FastifyInstance } from 'fastify'
import { type Matcher, matchersProblem } from '#core/matcher.ts'
import { cronProblem } from '#lib/cron.ts'
import { DURATION_PATTERN, durationText, parseDuration } from '#lib/duration.ts'
import { iso } from '#lib/iso.ts'
import { isTimeZone } from '#lib/local-time.ts'
import { type Static, Type } from '#lib/schema.ts'
import type { MaintenancePlan } from '#storage/maintenance-plans.ts'
import { actorName } from '../access/actor.ts'
import { type Fault, notFound, problem } from '../problem.ts'
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

const LONGEST_MS = 31 * 86_400_000

const faultOf = ({ matchers, cron, duration, time_zone: zone = 'UTC' }: NewPlan): Fault | undefined => {
  if (!isTimeZone(zone))
    return { path: 'time_zone', message: `${zone} is not known, write an IANA name such as America/Lima` }
  const table = cronProblem(cron, zone)
  if (table) return { path: 'cron', message: `${cron} ${table}` }
  const lasts = parseDuration(duration)!
  if (!(lasts > 0 && lasts <= LONGEST_MS)) return { path: 'duration', message: 'must be more than 0 and at most 31d' }
  const wrong = matchersProblem(matchers as Matcher[])
  return wrong && { path: `matchers.${wrong.index}.value`, message: wrong.message }
}

const view = ({ id, name, matchers, cron, durationMs, timeZone, createdBy, createdAt, origin }: MaintenancePlan) => ({
  id,
  name,
  matchers,
  ...(cron.startsWith('@') ? { cron: null, starts_at: iso(Number(cron.slice(1))) } : { cron, starts_at: null }),
  duration: durationText(durationMs),
  time_zone: timeZone,
  created_by: createdBy,
  created_at: iso(createdAt),
  origin: origin ?? null,
})

/** Maintenance windows that come again and again; each occurrence becomes a window a day before it begins. */
export const addPlanRoutes = (app: FastifyInstance, { storage, now, quietsChanged }: Services): void => {
  const byId = async (id: number) => (await storage.maintenancePlans.list()).find((plan) => plan.id === id)

  app.get('/maintenance/plans', { schema: { summary: 'Maintenance windows that come again' } }, async () => ({
    items: (await storage.maintenancePlans.list()).map(view),
    next_cursor: null,
  }))

  app.post<{ Body: NewPlan }>(
    '/maintenance/plans',
    { schema: { summary: 'Plan a maintenance window that comes again', body: newPlan } },
    async (request, reply) => {
      const { name, matchers, cron, duration, time_zone: timeZone = 'UTC' } = request.body
      const fault = faultOf(request.body)
      if (fault) return problem(reply, 400, 'invalid_input', `${fault.path}: ${fault.message}`, [fault])
      if ((await storage.maintenancePlans.list()).some((plan) => plan.name === name))
        return problem(reply, 409, 'name_taken', `another plan is called ${name}`)
      const at = now()
      const plan = {
        name,
        matchers: matchers as readonly Matcher[],
        cron,
        durationMs: parseDuration(duration)!,
        timeZone,
        plannedUntil: at,
        createdBy: actorName(request),
        createdAt: at,
      }
      const id = await storage.transaction(({ maintenancePlans }) => maintenancePlans.save(plan))
      await quietsChanged()
      return reply.status(201).send(view((await byId(id))!))
    },
  )

  app.delete<{ Params: { id: number } }>(
    '/maintenance/plans/:id',
    { schema: { summary: 'Plan it no longer; a window that runs ends', params: idParams } },
    async ({ params: { id } }, reply) => {
      const plan = await byId(id)
      if (!plan) return notFound(reply, 'plan')
      if (plan.origin !== undefined)
        return problem(reply, 409, 'owned_by_file', `This plan is written in ${plan.origin}.`)
      await storage.transaction(async ({ maintenance, maintenancePlans }) => {
        await maintenance.unplan(id, now())
        await maintenancePlans.remove(id, now())
      })
      await quietsChanged()
      return reply.status(204).send()
    },
  )
}
