import type { FastifyInstance } from 'fastify'
import { iso } from '#lib/time/iso.ts'
import type { Services } from '../services.ts'

/** Whether this server sees the network. */
export const addSightRoutes = (app: FastifyInstance, services: Services): void => {
  app.get(
    '/sight',
    {
      schema: {
        summary: 'Whether the server sees the network: its own connection, and who looks names up for it',
      },
    },
    async () => {
      const { blindSince, silentResolver } = services.sight()
      if (blindSince === null && !silentResolver) return { blind: null, resolver: null, unknown: 0 }
      const states = new Map((await services.storage.states.all()).map(({ monitorId, state }) => [monitorId, state]))
      const unknown = services
        .monitors()
        .filter(({ monitor: { id, paused } }) => !paused && (states.get(id) ?? 'unknown') === 'unknown')
      return {
        blind: blindSince === null ? null : { since: iso(blindSince) },
        resolver: silentResolver ? { servers: silentResolver.servers, since: iso(silentResolver.since) } : null,
        unknown: unknown.length,
      }
    },
  )
}
