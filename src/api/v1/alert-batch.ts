import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Static, Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import type { AttendedOne } from '#operations/alerts.ts'
import { byOf } from '../access/by.ts'
import { problem } from '../problem.ts'
import type { Services } from '../services.ts'
import { manyIds } from './lists.ts'

const text = (description: string) => Type.Optional(Type.String({ maxLength: 2000, default: '', description }))
const acknowledgement = Type.Object(
  { ids: manyIds, note: text('What there is to know'), until: Type.Optional(Type.String({ description: 'ISO 8601' })) },
  { additionalProperties: false },
)
const silence = Type.Object(
  { ids: manyIds, ends_at: Type.String({ description: 'ISO 8601' }), comment: text('Why') },
  { additionalProperties: false },
)
const only = Type.Object({ ids: manyIds }, { additionalProperties: false })

const outcome = ({ id, alert, changed, silencedUntil, silence }: AttendedOne) => ({
  id,
  /** False where it is over, or not there. */
  ok: alert?.status === 'firing',
  changed,
  ...(silencedUntil !== undefined && { silenced_until: iso(silencedUntil) }),
  ...(silence !== undefined && { silence }),
})

const notAhead = (reply: FastifyReply, path: string) => {
  const message = 'must be a time in the future'
  return problem(reply, 400, 'invalid_input', `${path} ${message}`, [
    { path, message, fault: { code: 'bad_end', facts: {} } },
  ])
}

/** What people do about many alerts at once: all of it in one transaction, and each in the audit log. */
export const addAlertBatchRoutes = (app: FastifyInstance, { now, operations: { alerts } }: Services): void => {
  app.post<{ Body: Static<typeof acknowledgement> }>(
    '/alerts/acknowledge',
    { schema: { summary: 'Somebody takes care of many alerts', body: acknowledgement } },
    async (request, reply) => {
      const { ids, note = '', until } = request.body
      const end = until === undefined ? null : Date.parse(until)
      if (end !== null && !(end > now())) return notAhead(reply, 'until')
      return { items: (await alerts.acknowledgeAll(byOf(request), ids, { note, until: end })).map(outcome) }
    },
  )

  app.post<{ Body: Static<typeof only> }>(
    '/alerts/unacknowledge',
    { schema: { summary: 'Take the acknowledgement of many alerts back', body: only } },
    async (request) => ({ items: (await alerts.takeBackAll(byOf(request), request.body.ids)).map(outcome) }),
  )

  app.post<{ Body: Static<typeof silence> }>(
    '/alerts/silence',
    { schema: { summary: 'Silence what many alerts are about', body: silence } },
    async (request, reply) => {
      const { ids, ends_at, comment = '' } = request.body
      const endsAt = Date.parse(ends_at)
      if (!(endsAt > now())) return notAhead(reply, 'ends_at')
      return { items: (await alerts.silenceAll(byOf(request), ids, { endsAt, comment })).map(outcome) }
    },
  )
}
