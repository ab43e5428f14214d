import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Alert } from '#core/alert/alert.ts'
import type { Outcome } from '#core/problem.ts'
import { refused } from '#core/problem.ts'
import type { ShiftLine } from '#core/shift/shift-line.ts'
import { type Static, Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import { shiftSince, worstFirst } from '#operations/shift.ts'
import { byOf } from '../access/by.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { anId, idParams, listQuery, page } from './lists.ts'

const COUNTED = 1000
const SHOWN = 100
const LINES_SHOWN = 500

const about = {
  alert: Type.Optional(anId('The alert that it is about')),
  monitor: Type.Optional(anId('The monitor that it is about')),
}
const newLine = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' }),
    ticket: Type.Optional(Type.String({ maxLength: 100, default: '', description: 'Its number in another system' })),
    pinned: Type.Optional(Type.Boolean({ default: false, description: 'It stays in sight until it is done' })),
    ...about,
  },
  { additionalProperties: false },
)
const handover = Type.Object(
  {
    text: Type.Optional(Type.String({ maxLength: 2000, default: '', description: 'A word to who comes in' })),
    channels: Type.Optional(
      Type.Array(Type.Union([Type.String({ maxLength: 200 }), Type.Integer()]), {
        maxItems: 50,
        description: 'Names or ids of channels that get the summary',
      }),
    ),
  },
  { additionalProperties: false },
)

const lineView = (line: ShiftLine) => ({
  id: line.id,
  at: iso(line.at),
  by: line.by,
  kind: line.kind,
  text: line.text,
  ticket: line.ticket,
  pinned: line.pinned,
  done_at: iso(line.doneAt),
  done_by: line.doneBy,
  alert: line.alertId,
  monitor: line.monitorId,
})

const alertRow = (alert: Alert) => ({
  id: alert.id,
  subject: alert.subject,
  severity: alert.severity,
  since: iso(alert.since),
  ended: iso(alert.resolvedAt),
  by: alert.acknowledgedBy,
})

const alertsView = (alerts: readonly Alert[]) => ({
  count: alerts.length,
  more: alerts.length === COUNTED,
  items: alerts.slice(0, SHOWN).map(alertRow),
})

/** Notes about alerts and monitors, and the shift that reads and hands them over: one log, which only grows. */
export const addShiftRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, now, channels } = services
  const { shift } = services.operations
  const answer = (reply: FastifyReply, outcome: Outcome<ShiftLine>, status = 200) =>
    outcome.ok ? reply.status(status).send(lineView(outcome.value)) : refuse(reply, outcome.problem)

  app.get<{ Querystring: { limit: number; cursor?: number; alert?: number; monitor?: number } }>(
    '/notes',
    {
      schema: { summary: 'Lines of the shift log, newest first', querystring: Type.Object({ ...listQuery, ...about }) },
    },
    async ({ query: { limit, cursor, alert, monitor } }) =>
      page(
        (await storage.shiftLines.list({ limit, before: cursor, alertId: alert, monitorId: monitor })).map(lineView),
        limit,
      ),
  )

  app.post<{ Body: Static<typeof newLine> }>(
    '/notes',
    { schema: { summary: 'Write a line into the shift log, about an alert, a monitor, or the shift', body: newLine } },
    async (request, reply) => {
      const { text, ticket = '', pinned = false, alert = null, monitor = null } = request.body
      const line = { text: text.trim(), ticket: ticket.trim(), pinned, alertId: alert, monitorId: monitor }
      return answer(reply, await shift.write(byOf(request), line), 201)
    },
  )

  app.post<{ Params: { id: number } }>(
    '/notes/:id/done',
    { schema: { summary: 'It need not stay in sight any longer', params: idParams } },
    async (request, reply) => answer(reply, await shift.done(byOf(request), request.params.id)),
  )

  app.get(
    '/shift',
    { schema: { summary: 'What happened since the last handover, and what is still open' } },
    async () => {
      const last = await storage.shiftLines.lastHandover()
      const since = shiftSince(last, now())
      const lines = await storage.shiftLines.list({ since, limit: LINES_SHOWN })
      // What another one's failure cuts off stands beneath it, and is no trouble of its own to hand over.
      const cutOff = services.cutOff()
      const firing = await storage.alerts.firingAll()
      const own = firing.filter(({ monitorId }) => monitorId === null || !cutOff.has(monitorId))
      return {
        since: iso(since),
        handover: last ? lineView(last) : null,
        pinned: (await storage.shiftLines.pinned(LINES_SHOWN)).map(lineView),
        lines: lines.filter(({ kind }) => kind === 'note').map(lineView),
        opened: alertsView(await storage.alerts.openedSince(since, COUNTED)),
        closed: alertsView(await storage.alerts.resolvedSince(since, COUNTED)),
        open: { ...alertsView(worstFirst(own).slice(0, COUNTED)), cut_off: firing.length - own.length },
      }
    },
  )

  app.post<{ Body: Static<typeof handover> }>(
    '/shift/handover',
    { schema: { summary: 'Hand the shift over, and send the summary', body: handover } },
    async (request, reply) => {
      const { text = '', channels: wanted = [] } = request.body
      const ids = wanted.map((one) => channels().find(({ id, name }) => one === id || one === name)?.id)
      const missing = ids.indexOf(undefined)
      if (missing >= 0) {
        const name = String(wanted[missing])
        const { problem } = refused('invalid_input', `channels.${missing}`, `there is no channel ${name}`, {
          code: 'no_channel',
          facts: { name },
        })
        return refuse(reply, problem)
      }
      return answer(reply, await shift.handOver(byOf(request), text.trim(), [...new Set(ids as number[])]), 201)
    },
  )

  app.post<{ Params: { id: number } }>(
    '/shift/handover/:id/sign',
    { schema: { summary: 'Take the shift over', params: idParams } },
    async (request, reply) => answer(reply, await shift.sign(byOf(request), request.params.id)),
  )
}
