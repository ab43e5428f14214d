import type { FastifyInstance } from 'fastify'
import { causeFields } from '#core/cause/cause-fields.ts'
import { monitorsByAddress } from '#core/monitor/monitors-by-address.ts'
import { lastHopText } from '#core/monitor/path.ts'
import { Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import { notFound } from '../problem.ts'
import type { Services } from '../services.ts'
import { idParams, listQuery } from './lists.ts'
import { pathView } from './path-view.ts'

/** Changes of state looked through for the last fall. */
const TRANSITIONS_SEARCHED = 20

/** What befell one monitor: changes of state, and where its way broke. */
export const addMonitorPastRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, probeTypes } = services
  const byId = services.monitor

  app.get<{ Params: { id: number }; Querystring: { limit: number } }>(
    '/monitors/:id/transitions',
    {
      schema: { summary: 'Changes of state, newest first', params: idParams, querystring: Type.Object(listQuery) },
    },
    async ({ params: { id }, query: { limit } }, reply) => {
      if (!byId(id)) return notFound(reply, 'monitor')
      const found = await storage.transitions.ofMonitor(id, limit)
      return {
        items: found.map(({ id: transition, from, to, at, since, code, sentence, cause }) => ({
          id: transition,
          from,
          to,
          at: iso(at),
          since: iso(since),
          code,
          ...causeFields(sentence, cause),
        })),
        next_cursor: null,
      }
    },
  )

  app.get<{ Params: { id: number } }>(
    '/monitors/:id/path',
    { schema: { summary: 'The way to its host, while it was well and when it failed', params: idParams } },
    async ({ params: { id } }, reply) => {
      if (!byId(id)) return notFound(reply, 'monitor')
      const { well, failing } = await storage.paths.ofMonitor(id)
      const recent = await storage.transitions.ofMonitor(id, TRANSITIONS_SEARCHED)
      const lastHop = recent.find(({ to }) => to === 'down')?.facts.lastHop
      const watching = monitorsByAddress(
        services.monitors().map(({ monitor }) => monitor),
        ({ type, options }) => probeTypes.get(type)?.hosts?.(options) ?? [],
      )
      const nameOf = (address: string) => watching.get(address)?.name
      return {
        well: pathView(well, nameOf),
        failing: pathView(failing, nameOf),
        last_hop: lastHop ? lastHopText(lastHop) : null,
        path_changed: lastHop?.changed ?? null,
        answers_ping: lastHop?.reached ?? false,
      }
    },
  )
}
