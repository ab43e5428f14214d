import type { FastifyInstance } from 'fastify'
import { outcomeView } from '#templates/outcome-view.ts'
import { notFound, problem } from '../problem.ts'
import type { Services } from '../services.ts'
import { idParams } from './lists.ts'

/** One look now, beside the schedule and without any effect on the state. */
export const addMonitorCheckRoutes = (app: FastifyInstance, services: Services): void => {
  app.post<{ Params: { id: number } }>(
    '/monitors/:id/check',
    {
      schema: { summary: 'Look now and tell every step; changes no state', params: idParams },
    },
    async ({ params: { id } }, reply) => {
      const known = services.monitor(id)
      if (!known) return notFound(reply, 'monitor')
      const outcome = await services.check(known.monitor)
      if (!outcome)
        return problem(reply, 409, 'passive', 'This monitor waits to be called; there is nothing to look at.')
      return { ok: outcome.ok, target: known.target, ...outcomeView(outcome) }
    },
  )
}
