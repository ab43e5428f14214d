import type { FastifyInstance } from 'fastify'
import type { PortPoint } from '#core/port/port-history.ts'
import { countOf, type PortSample, TCP_STATES } from '#core/port/port-sample.ts'
import { Type } from '#lib/schema.ts'
import { durationText } from '#lib/time/duration.ts'
import { iso } from '#lib/time/iso.ts'
import { notFound, problem } from '../problem.ts'
import type { Services } from '../services.ts'
import { MOST_POINTS, RANGE_PROBLEM, type Range, rangeOf, rangeQuery, stepFor } from './ranges.ts'

const portParams = Type.Object({ port: Type.Integer({ minimum: 1, maximum: 65_535 }) })

/** States that somebody is in. */
const statesOf = (counters: Uint32Array): Readonly<Record<string, number>> =>
  Object.fromEntries(TCP_STATES.map((state) => [state, countOf(counters, state)]).filter(([, count]) => count !== 0))

export const portView = ({ port, local, remote, listeners }: PortSample) => ({
  port,
  states: statesOf(local),
  ...(remote && { remote_states: statesOf(remote) }),
  listeners: listeners.count,
  accept_queue: listeners.queue,
  accept_queue_limit: listeners.limit,
})

export const pointView = ({ at, states, listeners, queue, queueLimit }: PortPoint) => ({
  at: iso(at),
  states,
  listeners,
  accept_queue: queue,
  accept_queue_limit: queueLimit,
})

/** Counted connections of local ports: as they are, and as they were since the server started, a day at most. */
export const addPortRoutes = (app: FastifyInstance, { ports, now }: Services): void => {
  app.get('/ports', { schema: { summary: 'Connections of the watched ports at the last count' } }, async () => {
    const samples = ports?.latest()
    return {
      at: samples ? iso(samples.at) : null,
      items: samples?.ports.map(portView) ?? [],
      left_out: samples?.left ?? 0,
    }
  })

  app.get<{ Params: { port: number }; Querystring: Range & { points: number } }>(
    '/ports/:port/series',
    {
      schema: {
        summary: 'Connections of a port gathered to points, the peak of each, for a chart',
        params: portParams,
        querystring: Type.Object({
          ...rangeQuery,
          points: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_POINTS, default: 300 })),
        }),
      },
    },
    async ({ params, query }, reply) => {
      const range = rangeOf(query, now())
      if (!range) return problem(reply, 400, 'invalid_input', RANGE_PROBLEM)
      const stepMs = stepFor(range.to - range.from, query.points)
      const points = ports?.history.series(params.port, range.from, range.to, stepMs)
      if (!points) return notFound(reply, 'watched port')
      return { step: durationText(stepMs), items: points.map(pointView) }
    },
  )
}
