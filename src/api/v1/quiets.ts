import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Outcome, refused } from '#core/problem.ts'
import type { Matcher } from '#core/rule/matcher.ts'
import { zoneFault } from '#core/value-fault.ts'
import type { By } from '#core/who/by.ts'
import { done } from '#lib/result.ts'
import { type Static, Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import { isTimeZone } from '#lib/time/zone.ts'
import type { MaintenanceWindow } from '#storage/maintenance.ts'
import type { Silence } from '#storage/silences.ts'
import { byOf } from '../access/by.ts'
import { notFound } from '../problem.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { idParams, listQuery, page } from './lists.ts'
import { matchersSchema, momentOf, tellingOf, tellView, windowFields } from './maintenance-form.ts'

const range = {
  starts_at: Type.Optional(
    Type.String({ maxLength: 100, description: "ISO 8601; without an offset by the server's clock; default: now" }),
  ),
  ends_at: Type.String({ maxLength: 100, description: 'ISO 8601' }),
}
const newSilence = Type.Object(
  { matchers: matchersSchema, ...range, comment: Type.Optional(Type.String({ maxLength: 2000, default: '' })) },
  { additionalProperties: false },
)
const newWindow = Type.Object(
  {
    ...windowFields,
    ...range,
    time_zone: Type.Optional(Type.String({ maxLength: 100, description: 'Whose clock the times are of' })),
  },
  { additionalProperties: false },
)
type NewSilence = Static<typeof newSilence>
type NewWindow = Static<typeof newWindow>

interface Range {
  readonly starts_at?: string | undefined
  readonly ends_at: string
}

/** When a quiet time begins and ends, ms. */
const rangeOf = ({ starts_at: start, ends_at: end }: Range, now: number, timeZone: string) => {
  const startsAt = start === undefined ? now : momentOf(start, 'starts_at', timeZone)
  if (typeof startsAt !== 'number') return startsAt
  const endsAt = momentOf(end, 'ends_at', timeZone)
  return typeof endsAt === 'number' ? done({ startsAt, endsAt }) : endsAt
}

type Quiet = Pick<Silence, 'id' | 'matchers' | 'startsAt' | 'endsAt' | 'createdBy' | 'createdAt'>

/** What both kinds of quiet time show. */
const view = ({ id, matchers, startsAt, endsAt, createdBy, createdAt }: Quiet, now: number) => ({
  id,
  matchers,
  status: endsAt <= now ? 'over' : startsAt > now ? 'planned' : 'active',
  starts_at: iso(startsAt),
  ends_at: iso(endsAt),
  created_at: iso(createdAt),
  created_by: createdBy,
})

const silenceView = (silence: Silence, now: number) => ({
  ...view(silence, now),
  comment: silence.comment,
  ...(silence.origin !== undefined && { origin: silence.origin }),
})

/** A window as the API shows it. */
const windowView = (window: MaintenanceWindow, now: number, channels: ReturnType<Services['channels']>) => ({
  ...view(window, now),
  name: window.name,
  behind: window.behind,
  note: window.note,
  tell: tellView(window.tell, channels),
  ...(window.planId !== undefined && { plan_id: window.planId }),
})

/** Silences and maintenance windows: alerts in them are recorded, and told only if they still fail at the end. */
export const addQuietRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, now, channels, timeZone } = services
  const { quiets } = services.operations

  const windowOf = (body: NewWindow) => {
    const zone = body.time_zone ?? timeZone()
    if (!isTimeZone(zone))
      return refused(
        'invalid_input',
        'time_zone',
        `${zone} is not known, write an IANA name such as America/Lima`,
        zoneFault(zone),
      )
    const when = rangeOf(body, now(), zone)
    if (!when.ok) return when
    const tell = tellingOf(body.tell as never, channels())
    if (!tell.ok) return tell
    const { name, matchers, behind = false, note = '' } = body
    return done({
      name,
      matchers: matchers as readonly Matcher[],
      behind,
      note,
      ...when.value,
      ...(tell.value && { tell: tell.value }),
    })
  }

  const silences = {
    path: '/silences',
    title: 'silence',
    list: async (limit: number, cursor?: number) =>
      (await storage.silences.list(limit, cursor)).map((one) => silenceView(one, now())),
    body: newSilence,
    begin: async (by: By, { comment = '', matchers, ...range }: NewSilence) => {
      const when = rangeOf(range, now(), timeZone())
      if (!when.ok) return when
      const begun = await quiets.beginSilence(by, { ...when.value, matchers: matchers as Matcher[], comment })
      return begun.ok ? done(silenceView(begun.value, now())) : begun
    },
    end: quiets.endSilence,
  }
  const shown = (planned: Outcome<MaintenanceWindow>) =>
    planned.ok ? done(windowView(planned.value, now(), channels())) : planned
  const windows = {
    path: '/maintenance',
    title: 'maintenance window',
    list: async (limit: number, cursor?: number) =>
      (await storage.maintenance.list(limit, cursor)).map((one) => windowView(one, now(), channels())),
    body: newWindow,
    begin: async (by: By, body: NewWindow) => {
      const window = windowOf(body)
      return window.ok ? shown(await quiets.beginWindow(by, window.value)) : window
    },
    end: quiets.endWindow,
  }

  const answer = (reply: FastifyReply, outcome: Outcome<object>, status = 200) =>
    outcome.ok ? reply.status(status).send(outcome.value) : refuse(reply, outcome.problem)

  for (const { path, title, list, body, begin, end } of [silences, windows]) {
    app.get<{ Querystring: { limit: number; cursor?: number } }>(
      path,
      { schema: { summary: `Every ${title}, newest first`, querystring: Type.Object(listQuery) } },
      async ({ query: { limit, cursor } }) => page<{ readonly id: number }>(await list(limit, cursor), limit),
    )

    app.post<{ Body: NewSilence & NewWindow }>(
      path,
      { schema: { summary: `Begin a ${title}`, body } },
      async (request, reply) => answer(reply, await begin(byOf(request), request.body), 201),
    )

    app.delete<{ Params: { id: number } }>(
      `${path}/:id`,
      { schema: { summary: `End a ${title} now`, params: idParams } },
      async (request, reply) => {
        const ended = await end(byOf(request), request.params.id)
        return ended.ok ? reply.status(204).send() : refuse(reply, ended.problem)
      },
    )
  }

  app.get<{ Params: { id: number } }>(
    '/maintenance/:id',
    { schema: { summary: 'One maintenance window', params: idParams } },
    async ({ params: { id } }, reply) => {
      const window = await storage.maintenance.byId(id)
      return window ? windowView(window, now(), channels()) : notFound(reply, 'maintenance window')
    },
  )

  app.put<{ Params: { id: number }; Body: NewWindow }>(
    '/maintenance/:id',
    { schema: { summary: 'Change a maintenance window that is not over', params: idParams, body: newWindow } },
    async (request, reply) => {
      const window = windowOf(request.body)
      if (!window.ok) return refuse(reply, window.problem)
      return answer(reply, shown(await quiets.changeWindow(byOf(request), request.params.id, window.value)))
    },
  )
}
