import type { FastifyInstance } from 'fastify'
import { causeFields } from '#core/cause/cause-fields.ts'
import { monitorsByAddress } from '#core/monitor/monitors-by-address.ts'
import { lastHopText } from '#core/monitor/path.ts'
import type { Spread } from '#core/monitor/spread.ts'
import { uptimeOf } from '#core/monitor/uptime.ts'
import { addressesOf } from '#core/result/latest-results.ts'
import { ERROR_CODES } from '#core/result/result.ts'
import { Type } from '#lib/schema.ts'
import { durationText } from '#lib/time/duration.ts'
import { iso } from '#lib/time/iso.ts'
import { notFound, problem } from '../problem.ts'
import type { Services } from '../services.ts'
import { idParams, listQuery } from './lists.ts'
import { pathView } from './path-view.ts'
import { plannedWork } from './planned-work.ts'
import { daysOf, MOST_POINTS, RANGE_PROBLEM, type Range, rangeOf, rangeQuery, stepFor } from './ranges.ts'

/** How the answers of a round of several packets lie, ms. */
const roundView = ({ min, median, p95, max, jitter }: Spread) => ({
  min_ms: min,
  median_ms: median,
  p95_ms: p95,
  max_ms: max,
  jitter_ms: jitter,
})

const DAY = 24 * 3_600_000
const LONGEST_RAW_MS = 7 * DAY
/** Changes of state looked through for the last fall. */
const TRANSITIONS_SEARCHED = 20

/** What was seen of one monitor: changes of state, its way, results, points for a chart, uptime. */
export const addMonitorPastRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, now, probeTypes } = services
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
      const windows = plannedWork(known.monitor, await storage.maintenance.between(range.from, range.to))
      const { upMs, degradedMs, downMs, unknownMs, maintenanceMs, uptime } = uptimeOf(
        transitions,
        gaps,
        windows,
        range.from,
        range.to,
      )
      return {
        from: iso(range.from),
        to: iso(range.to),
        uptime,
        up_ms: upMs,
        degraded_ms: degradedMs,
        down_ms: downMs,
        unknown_ms: unknownMs,
        maintenance_ms: maintenanceMs,
      }
    },
  )
}
