import type { FastifyInstance } from 'fastify'
import type { Monitor } from '#core/monitor/monitor.ts'
import { monitorHaystack } from '#core/search/haystacks.ts'
import { holdsAll } from '#core/search/sought.ts'
import type { JsonObject } from '#lib/json.ts'
import { own } from '#lib/own.ts'
import { Type } from '#lib/schema.ts'
import { fold } from '#lib/text/fold.ts'
import { maskSecrets } from '#storage/secret-fields.ts'
import type { StoredState } from '#storage/states.ts'
import { byOf } from '../access/by.ts'
import { notFound } from '../problem.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { idParams, listQuery, page } from './lists.ts'
import { addMonitorPastRoutes } from './monitor-past.ts'
import { addMonitorResultRoutes } from './monitor-results.ts'
import { monitorBrief, monitorView } from './monitor-view.ts'
import { type PauseBody, pauseFields, pausingOf } from './pause-form.ts'

/** What is watched: lists, one monitor, and changes of what is watched. */
export const addMonitorRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, probeTypes } = services
  const { monitors } = services.operations
  const byId = services.monitor

  const facts = ({ id }: Monitor, target: string, state: StoredState | undefined) => ({
    target,
    state,
    latest: services.latest(id),
    unheard: services.nobodyHears(id),
    cutOffBy: services.cutOff().get(id),
    flaps: services.flaps(id),
  })
  const view = (monitor: Monitor, target: string, state: StoredState | undefined) =>
    monitorView(monitor, facts(monitor, target, state), probeTypes.get(monitor.type))

  app.get<{
    Querystring: { limit: number; cursor?: number; state?: string; filter?: string; q?: string; brief?: boolean }
  }>(
    '/monitors',
    {
      schema: {
        summary: 'Monitors with their states',
        querystring: Type.Object({
          ...listQuery,
          state: Type.Optional(Type.Enum(['up', 'degraded', 'down', 'unknown'])),
          filter: Type.Optional(Type.String({ description: 'Text in the name or target, or LABEL=VALUE' })),
          q: Type.Optional(
            Type.String({
              maxLength: 200,
              description:
                'Words that all stand in name, target, type, place, description or labels, case and accents aside',
            }),
          ),
          brief: Type.Optional(Type.Boolean({ description: 'Only what a list shows' })),
        }),
      },
    },
    async ({ query: { limit, cursor = 0, state, filter, q = '', brief } }) => {
      const states = new Map((await storage.states.all()).map((one) => [one.monitorId, one]))
      const [label, value] = filter?.includes('=') ? filter.split('=', 2) : []
      const words = fold(q).split(/\s+/)
      const wanted = (monitor: Monitor, target: string) =>
        (filter === undefined ||
          (label !== undefined
            ? monitor.labels[label] === value
            : fold(`${monitor.name} ${target}`).includes(fold(filter)))) &&
        (q === '' || holdsAll(monitorHaystack(monitor, target), words))
      const found = services
        .monitors()
        .filter(({ monitor, target }) => {
          const actual = states.get(monitor.id)?.state ?? 'unknown'
          return monitor.id > cursor && (state === undefined || actual === state) && wanted(monitor, target)
        })
        .sort((a, b) => a.monitor.id - b.monitor.id)
        .slice(0, limit)
      return page(
        found.map(({ monitor, target }) => {
          const stored = states.get(monitor.id)
          return brief ? monitorBrief(monitor, facts(monitor, target, stored)) : view(monitor, target, stored)
        }),
        limit,
      )
    },
  )

  app.get<{ Querystring: { by?: string } }>(
    '/monitors/summary',
    {
      schema: {
        summary: 'Monitors counted by state, for each value of a label; `cut_off` are among `down`',
        querystring: Type.Object({ by: Type.Optional(Type.String()) }),
      },
    },
    async ({ query: { by } }) => {
      const states = new Map((await storage.states.all()).map((one) => [one.monitorId, one.state]))
      const cutOff = services.cutOff()
      const groups = new Map<string, Record<string, number>>()
      for (const { monitor } of services.monitors()) {
        const key = by === undefined ? '' : (own(monitor.labels, by) ?? '')
        const counts = groups.get(key) ?? { up: 0, degraded: 0, down: 0, unknown: 0, paused: 0, cut_off: 0 }
        groups.set(key, counts)
        const state = monitor.paused ? 'paused' : (states.get(monitor.id) ?? 'unknown')
        counts[state] = (counts[state] ?? 0) + 1
        if (state === 'down' && cutOff.has(monitor.id)) counts.cut_off!++
      }
      return { items: [...groups].map(([value, counts]) => ({ value, ...counts })) }
    },
  )

  app.get<{ Params: { id: number } }>(
    '/monitors/:id',
    { schema: { summary: 'One monitor', params: idParams } },
    async ({ params: { id } }, reply) => {
      const known = byId(id)
      if (!known) return notFound(reply, 'monitor')
      const [state] = await storage.states.some([id])
      return view(known.monitor, known.target, state)
    },
  )

  app.get<{ Params: { id: number } }>(
    '/monitors/:id/entry',
    { schema: { summary: 'What a file would say of it, secrets masked', params: idParams } },
    async ({ params: { id } }, reply) => {
      const monitor = byId(id)?.monitor
      if (!monitor) return notFound(reply, 'monitor')
      const schema = probeTypes.get(monitor.type)?.options
      const options = schema ? maskSecrets(schema, monitor.options) : {}
      return services.monitorEntry({ ...monitor, options })
    },
  )

  const shown = async (id: number) => {
    const { monitor, target } = byId(id)!
    const [state] = await storage.states.some([id])
    return view(monitor, target, state)
  }

  app.post(
    '/monitors',
    {
      // The book reads it by the rules of the file, which know more than a schema.
      schema: { summary: 'Make a monitor, in the words of the file', body: Type.Object({}) },
      config: { body: services.monitorSchema },
    },
    async (request, reply) => {
      const made = await monitors.create(byOf(request), request.body)
      return made.ok ? reply.status(201).send(await shown(made.value.id)) : refuse(reply, made.problem)
    },
  )

  app.patch<{ Params: { id: number }; Body: JsonObject }>(
    '/monitors/:id',
    {
      schema: { summary: 'Change a monitor: only what is named', params: idParams, body: Type.Object({}) },
      config: { body: { ...services.monitorSchema, required: [] } },
    },
    async (request, reply) => {
      const { id } = request.params
      const changed = await monitors.update(byOf(request), id, request.body)
      return changed.ok ? shown(id) : refuse(reply, changed.problem)
    },
  )

  app.delete<{ Params: { id: number } }>(
    '/monitors/:id',
    { schema: { summary: 'Stop watching; the history stays for its retention', params: idParams } },
    async (request, reply) => {
      const removed = await monitors.remove(byOf(request), request.params.id)
      return removed.ok ? reply.status(204).send() : refuse(reply, removed.problem)
    },
  )

  app.post<{ Params: { id: number }; Body: PauseBody }>(
    '/monitors/:id/pause',
    {
      schema: { summary: 'Pause a monitor, or let it go on', params: idParams, body: Type.Object(pauseFields) },
    },
    async (request, reply) => {
      const { id } = request.params
      const pausing = pausingOf(request.body, services.now())
      if (!pausing.ok) return refuse(reply, pausing.problem)
      const done = await monitors.pause(byOf(request), id, pausing.value)
      return done.ok ? { id, paused: request.body.paused } : refuse(reply, done.problem)
    },
  )

  addMonitorPastRoutes(app, services)
  addMonitorResultRoutes(app, services)
}
