import type { FastifyInstance } from 'fastify'
import type { DutyList } from '#core/duty/duty.ts'
import {
  type DutyListEntry,
  type DutyPersonEntry,
  dutyListEntryOf,
  dutyListOf,
  dutyListSchema,
  dutyPersonEntryOf,
  dutyPersonOf,
  dutyPersonSchema,
} from '#core/duty/duty-entry.ts'
import { type DutySegment, dutySegments } from '#core/duty/on-duty.ts'
import { refused } from '#core/problem.ts'
import { Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import { momentOfWall, plainTime, zonedMoment } from '#lib/time/zone.ts'
import { zonedTime } from '#lib/time/zoned-time.ts'
import { DUTY_HORIZON_MS } from '#pipeline/decide/tell-duty-gaps.ts'
import { byOf } from '../access/by.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { idParams } from './lists.ts'

const WEEK_DAYS = 7
const nameParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }) })
const was = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'The name until now: whatever names it does so by the new one',
  }),
)
const personBody = Type.Object({ ...dutyPersonSchema.properties, was }, { additionalProperties: false })
const listBody = Type.Object({ ...dutyListSchema.properties, was }, { additionalProperties: false })
interface Renaming {
  readonly was?: string
}
const takeover = Type.Object(
  {
    person: Type.String({ minLength: 1, maxLength: 200 }),
    until: Type.String({
      minLength: 10,
      maxLength: 40,
      description: "A time, by the list's zone where it has no offset",
    }),
  },
  { additionalProperties: false },
)
const query = Type.Object({
  from: Type.Optional(
    Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'First day of the table; default: this Monday' }),
  ),
})

const segmentView = ({ from, to, on }: DutySegment) => ({ from: iso(from), to: iso(to), on })

/** Who is on duty, by which list, and when nobody is. */
export const addDutyRoutes = (app: FastifyInstance, services: Services): void => {
  const { now, duty } = services
  const operations = services.operations.duty

  const mondayOf = (at: number, zone: string): string => {
    const today = zonedMoment(at, zone).toPlainDate()
    return today.subtract({ days: today.dayOfWeek - 1 }).toString()
  }

  /** The days of a table, by the clock of a zone: where each begins, and where the last ends. */
  const daysOf = (from: string | undefined, zone: string): number[] => {
    const first = from ?? mondayOf(now(), zone)
    const [year, month, day] = first.split('-').map(Number)
    const date = plainTime(year!, month!, day!)
    if (!date) return []
    return Array.from({ length: WEEK_DAYS + 1 }, (_, index) => momentOfWall(date.add({ days: index }), zone))
  }

  const listView = (list: DutyList, from: string | undefined) => {
    const at = now()
    const rota = duty.rota()
    const zone = list.timeZone ?? duty.timeZone()
    const ahead = dutySegments(list, rota, at, at + DUTY_HORIZON_MS, zone)
    const days = daysOf(from, zone)
    return {
      ...dutyListEntryOf(list),
      zone,
      origin: list.origin ?? null,
      now: segmentView(ahead[0]!),
      next: ahead[1] ? segmentView(ahead[1]) : null,
      gaps: ahead.filter(({ on }) => on.length === 0).map(segmentView),
      days: days.map(iso),
      week: days.length === 0 ? [] : dutySegments(list, rota, days[0]!, days.at(-1)!, zone).map(segmentView),
      takeovers: rota.takeovers
        .filter((one) => one.list === list.name && one.endsAt > at)
        .map(({ id, person, startsAt, endsAt, by }) => ({ id, person, from: iso(startsAt), until: iso(endsAt), by })),
    }
  }

  app.get<{ Querystring: { from?: string } }>(
    '/duty',
    {
      schema: {
        summary: 'Who is on duty now and next, a week of each list, and when nobody is within two weeks',
        querystring: query,
      },
    },
    ({ query: { from } }, reply) => {
      const [year, month, day] = from?.split('-').map(Number) ?? [2000, 1, 1]
      if (!plainTime(year!, month!, day!)) {
        const told = { code: 'no_such_time', facts: { value: from! } } as const
        return refuse(reply, refused('invalid_input', 'from', `${from} is on no calendar`, told).problem)
      }
      const { people, lists } = duty.rota()
      return reply.send({
        people: people.map((person) => ({ ...dutyPersonEntryOf(person), origin: person.origin ?? null })),
        lists: lists.map((list) => listView(list, from)),
      })
    },
  )

  app.put<{ Params: { name: string }; Body: DutyPersonEntry & Renaming }>(
    '/duty/people/:name',
    { schema: { summary: 'Say who somebody is, and what reaches them', params: nameParams, body: personBody } },
    async (request, reply) => {
      const person = { ...dutyPersonOf(request.body), name: request.params.name }
      const saved = await operations.savePerson(byOf(request), person, request.body.was)
      return saved.ok ? dutyPersonEntryOf(saved.value) : refuse(reply, saved.problem)
    },
  )

  app.delete<{ Params: { name: string } }>(
    '/duty/people/:name',
    { schema: { summary: 'Nobody is called so any more', params: nameParams } },
    async (request, reply) => {
      const removed = await operations.removePerson(byOf(request), request.params.name)
      return removed.ok ? reply.status(204).send() : refuse(reply, removed.problem)
    },
  )

  app.put<{ Params: { name: string }; Body: DutyListEntry & Renaming }>(
    '/duty/lists/:name',
    { schema: { summary: 'Say who is on duty when', params: nameParams, body: listBody } },
    async (request, reply) => {
      const list = { ...dutyListOf(request.body), name: request.params.name }
      const saved = await operations.saveList(byOf(request), list, request.body.was)
      return saved.ok ? dutyListEntryOf(saved.value) : refuse(reply, saved.problem)
    },
  )

  app.delete<{ Params: { name: string } }>(
    '/duty/lists/:name',
    { schema: { summary: 'Take a list away', params: nameParams } },
    async (request, reply) => {
      const removed = await operations.removeList(byOf(request), request.params.name)
      return removed.ok ? reply.status(204).send() : refuse(reply, removed.problem)
    },
  )

  app.post<{ Params: { name: string }; Body: { person: string; until: string } }>(
    '/duty/lists/:name/takeovers',
    { schema: { summary: 'Somebody is on duty from now on until a time', params: nameParams, body: takeover } },
    async (request, reply) => {
      const { person, until } = request.body
      const list = duty.rota().lists.find(({ name }) => name === request.params.name)
      const endsAt = zonedTime(until, list?.timeZone ?? duty.timeZone())
      if (typeof endsAt !== 'number') {
        const told = { code: 'no_such_time', facts: { value: until } } as const
        return refuse(reply, refused('invalid_input', 'until', `${until} is no time`, told).problem)
      }
      const taken = await operations.takeOver(byOf(request), request.params.name, person, endsAt)
      if (!taken.ok) return refuse(reply, taken.problem)
      const { id, startsAt, by } = taken.value
      return reply.status(201).send({ id, person, from: iso(startsAt), until: iso(endsAt), by })
    },
  )

  app.delete<{ Params: { id: number } }>(
    '/duty/takeovers/:id',
    { schema: { summary: 'The week says again who is on duty', params: idParams } },
    async (request, reply) => {
      const ended = await operations.endTakeover(byOf(request), request.params.id)
      return ended.ok ? reply.status(204).send() : refuse(reply, ended.problem)
    },
  )
}
