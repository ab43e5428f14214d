import type { FastifyInstance } from 'fastify'
import { Type } from '#lib/schema.ts'
import { notFound, problem } from '../problem.ts'
import type { Services } from '../services.ts'
import { idParams } from './lists.ts'

/** The address that a passive monitor waits to be called at: it is a key, so it is shown to who asks, and logged nowhere. */
export const addPushUrlRoutes = (app: FastifyInstance, services: Services): void => {
  app.get<{ Params: { id: number } }>(
    '/monitors/:id/push-url',
    {
      config: { role: 'operator' },
      schema: {
        summary: 'The address that a push monitor is called at',
        params: idParams,
        response: { 200: Type.Object({ url: Type.String() }) },
      },
    },
    async (request, reply) => {
      const known = services.monitor(request.params.id)
      if (!known) return notFound(reply, 'monitor')
      if (!services.probeTypes.get(known.monitor.type)?.judge)
        return problem(reply, 409, 'not_passive', 'This monitor looks itself; nobody has to call it.')
      const path = services.pushPath(known.monitor.id)
      if (path === undefined)
        return problem(
          reply,
          409,
          'key_missing',
          'The key behind push URLs is missing; the log of the server says which.',
        )
      const base = (await services.about()).url ?? `${request.protocol}://${request.host}`
      return { url: base.replace(/\/$/, '') + path }
    },
  )
}
