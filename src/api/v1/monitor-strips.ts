import type { FastifyInstance } from 'fastify'
import type { Monitor, State } from '#core/monitor/monitor.ts'
import { uptimeOf } from '#core/monitor/uptime.ts'
import { latencyOf } from '#core/result/latest-results.ts'
import { Type } from '#lib/schema.ts'
import { problem } from '../problem.ts'
import type { Services } from '../services.ts'
import { plannedWork } from './planned-work.ts'

const MOST_MONITORS = 100
const DAY = 86_400_000
const BUCKETS = 48
const STEP = DAY / BUCKETS
/** Worst first: what a part of the bar shows when several states share it. */
const WORST: readonly State[] = ['down', 'degraded', 'up', 'unknown']

type Spans = readonly { readonly since: number; readonly to: State }[]

/** The worst state within each part of the last day, as one letter each: `u`p, de`g`raded, `d`own, `-` unknown. */
const stripOf = (transitions: Spans, from: number): string => {
  const letter: Readonly<Record<State, string>> = { up: 'u', degraded: 'g', down: 'd', unknown: '-' }
  return Array.from({ length: BUCKETS }, (_, index) => {
    const [start, end] = [from + index * STEP, from + (index + 1) * STEP]
    const held = transitions.filter(({ since }, at) => since < end && (transitions[at + 1]?.since ?? end) > start)
    return letter[WORST.find((state) => held.some(({ to }) => to === state)) ?? 'unknown']
  }).join('')
}

/** The last day of some monitors in few bytes, for the rows that a list shows at the moment. */
export const addMonitorStripRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, now } = services

  app.get<{ Querystring: { ids: string } }>(
    '/monitors/strips',
    {
      schema: {
        summary: 'The last day of some monitors: uptime, a bar of 48 half hours, and their median latencies',
        querystring: Type.Object({
          ids: Type.String({ pattern: '^[1-9]\\d*(,[1-9]\\d*)*$', maxLength: 2000, description: 'Ids, by commas' }),
        }),
      },
    },
    async ({ query: { ids } }, reply) => {
      const wanted = new Set(ids.split(',').map(Number))
      if (wanted.size > MOST_MONITORS)
        return problem(reply, 400, 'invalid_input', `ids: at most ${MOST_MONITORS} at once`)
      const known = services.monitors().filter(({ monitor }) => wanted.has(monitor.id))
      const to = now()
      const from = to - DAY
      const gaps = await storage.gaps.between(from, to)
      const windows = plannedWork(await storage.maintenance.between(from, to), services)
      const strip = async (monitor: Monitor) => {
        const { id } = monitor
        const transitions = await storage.transitions.covering(id, from, to)
        const points = await services.history().series(id, from, to, STEP)
        const latencies: (number | null)[] = Array(BUCKETS).fill(null)
        for (const { at, p50 } of points) {
          const index = Math.floor((at - from) / STEP)
          if (index >= 0 && index < BUCKETS && p50 !== null) latencies[index] = Number(p50.toPrecision(3))
        }
        return {
          id,
          latency_ms: latencyOf(services.latest(id)),
          uptime: uptimeOf(transitions, gaps, windows.spans(id), from, to).uptime,
          states: stripOf(transitions, from),
          latencies,
        }
      }
      return { items: await Promise.all(known.map(({ monitor }) => strip(monitor))) }
    },
  )
}
