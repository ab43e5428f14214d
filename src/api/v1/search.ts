import type { FastifyInstance } from 'fastify'
import type { Alert } from '#core/alert/alert.ts'
import { eventHaystack, monitorHaystack } from '#core/search/haystacks.ts'
import { holdsAll } from '#core/search/sought.ts'
import { Type } from '#lib/schema.ts'
import { fold } from '#lib/text/fold.ts'
import { iso } from '#lib/time/iso.ts'
import type { Services } from '../services.ts'
import { createAlertList } from './alert-list.ts'
import { eventView } from './event-view.ts'
import { readSearch } from './search-query.ts'

const ofAlert = ({ id, subject, severity, status, monitorId, since }: Alert) => ({
  id,
  subject,
  severity,
  status,
  monitor: monitorId,
  since: iso(since),
})

/** One search over everything that people look for by name, address, customer or time; a few of each. */
export const addSearchRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage } = services
  const alertList = createAlertList(services)

  app.get<{ Querystring: { q: string; limit: number } }>(
    '/search',
    {
      schema: {
        summary: 'Monitors, alerts, events, channels and rules by words, case and accents aside; a few of each',
        querystring: Type.Object({
          q: Type.String({ minLength: 1, maxLength: 200, description: 'Words; a day, such as 2026-11-30, is a time' }),
          limit: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 50, default: 8, description: 'At most so many of each' }),
          ),
        }),
      },
    },
    async ({ query: { q, limit } }) => {
      const { words, ...range } = readSearch({ q }, services)
      const inTime = range.from !== undefined
      if (words.length === 0 && !inTime) return { monitors: [], alerts: [], events: [], channels: [], rules: [] }
      const named = ({ name, type }: { readonly name: string; readonly type: string }) =>
        !inTime && holdsAll(fold(`${name}\n${type}`), words)
      const alerts = await alertList({ limit }, { words, ...range })
      const events = await storage.events.search({
        limit,
        ...range,
        fits: words.length > 0 ? (event) => holdsAll(eventHaystack(event), words) : undefined,
      })
      const rules = inTime ? [] : await storage.rules.list()
      return {
        monitors: inTime
          ? []
          : services
              .monitors()
              .filter(({ monitor, target }) => holdsAll(monitorHaystack(monitor, target), words))
              .slice(0, limit)
              .map(({ monitor: { id, name, type }, target }) => ({ id, name, type, target })),
        alerts: alerts.items.map(ofAlert),
        events: events.items.map(eventView),
        channels: services
          .channels()
          .filter(named)
          .slice(0, limit)
          .map(({ id, name, type }) => ({ id, name, type })),
        rules: rules
          .filter(named)
          .slice(0, limit)
          .map(({ id, name, type }) => ({ id, name, type })),
      }
    },
  )
}
