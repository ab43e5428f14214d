import type { FastifyInstance } from 'fastify'
import { codeFields } from '#core/cause/cause-fields.ts'
import type { ScheduleTiming } from '#core/schedule.ts'
import { type Static, Type } from '#lib/schema.ts'
import { DURATION_PATTERN, durationText, parseDuration } from '#lib/time/duration.ts'
import { iso } from '#lib/time/iso.ts'
import type { Schedule } from '#pipeline/clockwork/schedules.ts'
import { byOf } from '../access/by.ts'
import { type Fault, problem } from '../problem.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'

const nameParams = Type.Object({ name: Type.String({ maxLength: 100 }) })
const change = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean()),
    every: Type.Optional(Type.String({ pattern: DURATION_PATTERN, maxLength: 20, description: 'As 10m' })),
    cron: Type.Optional(Type.String({ maxLength: 100, description: 'Five fields, as "0 3 * * *"' })),
    time_zone: Type.Optional(Type.String({ maxLength: 100, description: "Of cron; default: the server's" })),
  },
  { additionalProperties: false, minProperties: 1 },
)

/** What says when, said twice or by halves; undefined when it is clear. */
const unclear = ({ every, cron, time_zone: timeZone }: Static<typeof change>): Fault | undefined => {
  if (every !== undefined && cron !== undefined) return { path: 'cron', message: 'stands beside every: name one' }
  return timeZone !== undefined && cron === undefined
    ? { path: 'time_zone', message: 'belongs to cron: name both' }
    : undefined
}

const timingOf = ({ every, cron, time_zone: timeZone }: Static<typeof change>): ScheduleTiming | undefined => {
  if (cron !== undefined) return { cron, ...(timeZone !== undefined && { timeZone }) }
  return every === undefined ? undefined : { everyMs: parseDuration(every)! }
}

const view = ({
  name,
  title,
  'x-es': spanish,
  enabled,
  timing,
  startedAt,
  finishedAt,
  ok,
  result,
  cause,
  nextAt,
}: Schedule) => ({
  name,
  title,
  'x-es': spanish,
  enabled,
  every: 'everyMs' in timing ? durationText(timing.everyMs) : null,
  cron: 'cron' in timing ? timing.cron : null,
  time_zone: 'cron' in timing ? (timing.timeZone ?? null) : null,
  next_at: iso(nextAt),
  last:
    startedAt === null
      ? null
      : { started_at: iso(startedAt), finished_at: iso(finishedAt), ok, result, ...codeFields(cause) },
})

/** Periodic work: when it is due, how it went, and a way to do it now. */
export const addScheduleRoutes = (app: FastifyInstance, { schedules, operations }: Services): void => {
  app.get('/schedules', { schema: { summary: 'Periodic work, and how it went last' } }, async () => ({
    items: (await schedules.list()).map(view),
    next_cursor: null,
  }))

  app.patch<{ Params: { name: string }; Body: Static<typeof change> }>(
    '/schedules/:name',
    {
      config: { role: 'administrator' },
      schema: { summary: 'Change when it is due, or switch it off', params: nameParams, body: change },
    },
    async (request, reply) => {
      const { body } = request
      const wrong = unclear(body)
      if (wrong) return problem(reply, 400, 'invalid_input', `${wrong.path} ${wrong.message}`, [wrong])
      const timing = timingOf(body)
      const set = await operations.schedules.change(byOf(request), request.params.name, {
        ...(body.enabled !== undefined && { enabled: body.enabled }),
        ...(timing && { timing }),
      })
      return set.ok ? view(set.value) : refuse(reply, set.problem)
    },
  )

  app.post<{ Params: { name: string } }>(
    '/schedules/:name/run',
    { schema: { summary: 'Do it now and wait for the end', params: nameParams } },
    async (request, reply) => {
      const run = await operations.schedules.run(byOf(request), request.params.name)
      return run.ok ? view(run.value) : refuse(reply, run.problem)
    },
  )
}
