import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { NewEvent, VigiaEvent } from '#core/event/event.ts'
import { SEVERITIES } from '#core/event/severity.ts'
import { eventHaystack } from '#core/search/haystacks.ts'
import { holdsAll } from '#core/search/sought.ts'
import { Type } from '#lib/schema.ts'
import { actorOf } from '../access/actor.ts'
import { type Fault, notFound, problem } from '../problem.ts'
import type { Services } from '../services.ts'
import { isFault, readSent } from './event-form.ts'
import { eventView } from './event-view.ts'
import { explainView } from './explain-view.ts'
import { anId, idParams, listQuery, page } from './lists.ts'
import { isSearch, readSearch, type SearchQuery, searchQuery } from './search-query.ts'

const MOST_EVENTS = 1000
const LONGEST_KEY = 200
/** Of one event, in bytes: it is kept, shown in lists, and travels with every message about it. */
const LARGEST_EVENT = 64 * 1024

const eventBody = Type.Object(
  {
    type: Type.String({
      description:
        'ml_prediction, zeek_detection, fail2ban_ban, … or a name of yours; monitor_state, channel_failed, port_state, correlation and vigia_… are made by the server alone',
    }),
    severity: Type.Optional(Type.Enum(SEVERITIES as unknown as string[], { default: 'LOW' })),
    subject: Type.Optional(
      Type.String({ description: 'Address, host or name; default: ip, else host, else the type' }),
    ),
    at: Type.Optional(Type.String({ format: 'date-time', description: 'When it happened; default: now' })),
  },
  { description: 'Further fields stand beside these; conditions and templates find them there.' },
)

const listEvents = Type.Object({
  ...listQuery,
  type: Type.Optional(Type.String()),
  monitor: Type.Optional(anId('Id of a monitor')),
  ...searchQuery,
})
interface ListEvents extends SearchQuery {
  readonly limit: number
  readonly cursor?: number
  readonly type?: string
  readonly monitor?: number
}
/** Under a key of its own, because an event may have any fields. */
const FAULT = Symbol('fault')
interface BadLines {
  readonly [FAULT]: Fault
}

const isBad = (body: unknown): body is BadLines => typeof body === 'object' && body !== null && FAULT in body

/** Lines of JSON; a line that is none is named by its number. */
const readLines = (body: string): unknown[] | BadLines => {
  const lines = body.split('\n').filter((line) => line.trim() !== '')
  const events: unknown[] = []
  for (const [index, line] of lines.entries()) {
    try {
      events.push(JSON.parse(line))
    } catch {
      return { [FAULT]: { path: String(index), message: `line ${index + 1} is not valid JSON` } }
    }
  }
  return events
}

/** A sender's keys are its own: others may use the same words. */
const ownKey = (request: FastifyRequest, key: string): string => {
  const { kind, id } = actorOf(request)
  return `${kind}:${id} ${key}`
}

export const addEventRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, now } = services

  const once = (events: readonly NewEvent[], sent: unknown, key: string) =>
    services.ingestOnce(events, { key, body: hash('sha256', JSON.stringify(sent), 'base64url') })

  const take = async (sent: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const key = request.headers['idempotency-key'] as string | undefined
    if (key !== undefined && (key === '' || key.length > LONGEST_KEY))
      return problem(reply, 400, 'invalid_input', `Idempotency-Key must have 1 to ${LONGEST_KEY} characters`)
    const batch = Array.isArray(sent) ? sent : [sent]
    // What is small as a whole has no large part; a body of unknown length is looked at.
    const mayBeLarge = !(Number(request.headers['content-length']) <= LARGEST_EVENT)
    if (batch.length === 0 || batch.length > MOST_EVENTS)
      return problem(reply, 400, 'invalid_input', `send 1 to ${MOST_EVENTS} events at once, not ${batch.length}`)
    const events: NewEvent[] = []
    for (const [index, one] of batch.entries()) {
      const event = readSent(one, Array.isArray(sent) ? String(index) : '', now())
      if (isFault(event))
        return problem(reply, 400, 'invalid_input', `${event.path || 'the body'} ${event.message}`, [event])
      if (mayBeLarge && Buffer.byteLength(JSON.stringify(event.data)) > LARGEST_EVENT) {
        const fault = { path: Array.isArray(sent) ? String(index) : '', message: 'has more than 64 KB' }
        return problem(reply, 413, 'too_large', `${fault.path || 'the event'} ${fault.message}; send less of it`, [
          fault,
        ])
      }
      events.push(event)
    }
    const ids = key === undefined ? await services.ingest(events) : await once(events, sent, ownKey(request, key))
    if (ids) return reply.status(202).send({ ids })
    return problem(
      reply,
      409,
      'key_reused',
      'This Idempotency-Key came with another body; take a new one for new events.',
    )
  }

  app.addContentTypeParser(
    ['application/x-ndjson', 'application/ndjson'],
    { parseAs: 'string' },
    (_request, body, done) => done(null, readLines(body as string)),
  )

  app.post(
    '/events',
    {
      schema: { summary: 'Hand in events: one, an array, or NDJSON' },
      // Read by hand: thirty thousand a second leave no time for a validator that knows the rules less well.
      config: {
        body: Type.Union([eventBody, Type.Array(eventBody, { minItems: 1, maxItems: MOST_EVENTS })]),
        consumes: ['application/x-ndjson'],
        headers: Type.Object({
          'idempotency-key': Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: LONGEST_KEY,
              description: 'A repeat within a day does nothing; another body answers 409',
            }),
          ),
        }),
      },
    },
    async (request, reply) => {
      const { body } = request
      if (isBad(body)) return problem(reply, 400, 'bad_json', body[FAULT].message, [body[FAULT]])
      return take(body, request, reply)
    },
  )

  app.get<{ Querystring: ListEvents }>(
    '/events',
    {
      schema: {
        summary: 'Events, newest first; what is looked for may go on at next_cursor with no items',
        querystring: listEvents,
      },
    },
    async ({ query }, reply) => {
      const { limit, cursor, type, monitor } = query
      const filter = { limit, before: cursor, type, monitorId: monitor }
      if (isSearch(query)) {
        const { words, problem: wrong, ...search } = readSearch(query, services)
        if (wrong) return problem(reply, 400, 'invalid_input', wrong.message, [wrong])
        const fits = words.length > 0 ? (event: VigiaEvent) => holdsAll(eventHaystack(event), words) : undefined
        const { items, next } = await storage.events.search({ ...filter, ...search, fits })
        return { items: items.map(eventView), next_cursor: next }
      }
      const { items, cut } = await storage.events.page(filter)
      return page(items.map(eventView), limit, cut)
    },
  )

  app.get<{ Params: { id: number } }>(
    '/events/:id',
    { schema: { summary: 'One event', params: idParams } },
    async ({ params: { id } }, reply) => {
      const event = await storage.events.byId(id)
      return event ? eventView(event) : notFound(reply, 'event')
    },
  )

  app.get<{ Params: { id: number } }>(
    '/events/:id/explain',
    { schema: { summary: 'Why it was told of, or was not', params: idParams } },
    async ({ params: { id } }, reply) => {
      const explanation = await services.explain(id)
      return explanation ? explainView(explanation) : notFound(reply, 'event')
    },
  )
}
