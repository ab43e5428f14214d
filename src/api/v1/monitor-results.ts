import type { FastifyInstance } from 'fastify'
import type { Spread } from '#core/monitor/spread.ts'
import { uptimeOf } from '#core/monitor/uptime.ts'
import { addressesOf } from '#core/result/latest-results.ts'
import { ERROR_CODES } from '#core/result/result.ts'
import { Type } from '#lib/schema.ts'
import { durationText } from '#lib/time/duration.ts'
import { iso } from '#lib/time/iso.ts'
import { notFound, problem } from '../problem.ts'
import type { Services } from '../services.ts'
import { idParams } from './lists.ts'
import { plannedWork } from './planned-work.ts'
import { daysOf, MOST_POINTS, RANGE_PROBLEM, type Range, rangeOf, rangeQuery, stepFor } from './ranges.ts'

const LONGEST_RAW_MS = 7 * 24 * 3_600_000

/** How the answers of a round of several packets lie, ms. */
const roundView = ({ min, median, p95, max, jitter }: Spread) => ({
  min_ms: min,
  median_ms: median,
  p95_ms: p95,
  max_ms: max,
  jitter_ms: jitter,
})

/** How a stretch of time was spent. */
const uptimeView = ({ from, to }: { from: number; to: number }, found: ReturnType<typeof uptimeOf>) => ({
  from: iso(from),
  to: iso(to),
  uptime: found.uptime,
  up_ms: found.upMs,
  degraded_ms: found.degradedMs,
  down_ms: found.downMs,
  unknown_ms: found.unknownMs,
  maintenance_ms: found.maintenanceMs,
})

/** What looks at one monitor found: single results, points for a chart, uptime. */
export const addMonitorResultRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, now } = services
  const byId = services.monitor

  app.get<{ Params: { id: number }; Querystring: Range }>(
    '/monitors/:id/results',
    {
      schema: {
        summary: 'Single results in a stretch of time, at most seven days',
        params: idParams,
        querystring: Type.Object(rangeQuery),
      },
    },
    async ({ params: { id }, query }, reply) => {
      const range = rangeOf(query, now())
      if (!range || range.to - range.from > LONGEST_RAW_MS)
        return problem(reply, 400, 'invalid_input', `${RANGE_PROBLEM}, at most 7 days`)
      if (!byId(id)) return notFound(reply, 'monitor')
      const { at, latencyMs, codes, loss, spread } = await services.history().range(id, range.from, range.to)
      const latest = services.latest(id)
      return {
        items: at.map((time, index) => ({
          at: iso(time),
          ok: codes[index] === 0,
          code: ERROR_CODES[codes[index]!],
          latency_ms: latencyMs[index],
          loss: loss[index],
          ...(spread[index] && roundView(spread[index])),
          // The history does not keep it.
          ...(time === latest?.at && addressesOf(latest)),
        })),
      }
    },
  )

  app.get<{ Params: { id: number }; Querystring: Range & { points: number; time_zone?: string } }>(
    '/monitors/:id/series',
    {
      schema: {
        summary: 'Results gathered to points, for a chart',
        params: idParams,
        querystring: Type.Object({
          ...rangeQuery,
          points: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_POINTS, default: 300 })),
          time_zone: Type.Optional(
            Type.String({ maxLength: 100, description: 'A point for each day by the clock of this zone' }),
          ),
        }),
      },
    },
    async ({ params: { id }, query }, reply) => {
      const range = rangeOf(query, now())
      if (!range) return problem(reply, 400, 'invalid_input', RANGE_PROBLEM)
      if (!byId(id)) return notFound(reply, 'monitor')
      if (query.time_zone !== undefined) {
        const days = daysOf(range, query.time_zone)
        if (typeof days === 'string') return problem(reply, 400, 'invalid_input', days)
        return { step: '1d', items: await services.history().series(id, range.from, range.to, days) }
      }
      const stepMs = stepFor(range.to - range.from, query.points)
      const points = await services.history().series(id, range.from, range.to, stepMs)
      return { step: durationText(stepMs), items: points }
    },
  )

  app.get<{ Params: { id: number }; Querystring: Range }>(
    '/monitors/:id/uptime',
    {
      schema: {
        summary: 'Share of the known time in which it was up',
        params: idParams,
        querystring: Type.Object(rangeQuery),
      },
    },
    async ({ params: { id }, query }, reply) => {
      const range = rangeOf(query, now())
      if (!range) return problem(reply, 400, 'invalid_input', RANGE_PROBLEM)
      const known = byId(id)
      if (!known) return notFound(reply, 'monitor')
      const transitions = await storage.transitions.covering(id, range.from, range.to)
      const gaps = await storage.gaps.between(range.from, range.to)
      const windows = plannedWork(await storage.maintenance.between(range.from, range.to), services).spans(id)
      return uptimeView(range, uptimeOf(transitions, gaps, windows, range.from, range.to))
    },
  )
}
