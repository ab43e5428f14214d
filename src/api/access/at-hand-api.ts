import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from '#lib/schema.ts'
import { problem } from '../problem.ts'
import { refuse } from '../refuse.ts'
import { actorOf } from './actor.ts'
import { byOf } from './by.ts'
import { IdParams } from './schemas.ts'
import type { AccessTools } from './tools.ts'

// Everybody keeps at hand what they like.
const config = { role: 'viewer' } as const
const newFilter = Type.Object(
  {
    page: Type.Enum(['monitors', 'alerts', 'events']),
    name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
    filter: Type.String({ maxLength: 2000, description: 'As it stands in the address of that page' }),
  },
  { additionalProperties: false },
)
type NewFilter = Static<typeof newFilter>

/** Filters that people gave a name, and their favourite monitors: kept with the account, on whichever device they sit. */
export const addAtHandApi = (app: FastifyInstance, { storage, ownAccount }: AccessTools): void => {
  /** Whose they are; a token has none, and is told so. */
  const personOf = (request: FastifyRequest, reply: FastifyReply): number | undefined => {
    const { kind, id } = actorOf(request)
    if (kind === 'user') return id
    problem(reply, 403, 'forbidden', 'Only a person who is signed in has this; a token has not.')
    return undefined
  }

  app.get('/me/at-hand', { config, schema: { summary: 'Saved filters and favourite monitors' } }, async (request) => {
    const { kind, id } = actorOf(request)
    if (kind !== 'user') return { filters: [], favourites: [] }
    return { filters: await storage.atHand.filters(id), favourites: await storage.atHand.favourites(id) }
  })

  app.post<{ Body: NewFilter }>(
    '/me/filters',
    { config, schema: { summary: 'Save a filter under a name, in place of what stood there', body: newFilter } },
    async (request, reply) => {
      const user = personOf(request, reply)
      if (user === undefined) return reply
      const { page, filter } = request.body
      const wanted = { page, filter, name: request.body.name.trim() }
      const saved = await ownAccount.saveFilter(byOf(request), user, wanted)
      return saved.ok ? reply.status(201).send({ id: saved.value, ...wanted }) : refuse(reply, saved.problem)
    },
  )

  app.delete<{ Params: IdParams }>(
    '/me/filters/:id',
    { config, schema: { summary: 'Forget a saved filter', params: IdParams } },
    async (request, reply) => {
      const user = personOf(request, reply)
      if (user === undefined) return reply
      const removed = await ownAccount.removeFilter(byOf(request), user, request.params.id)
      return removed.ok ? reply.status(204).send() : refuse(reply, removed.problem)
    },
  )

  for (const method of ['PUT', 'DELETE'] as const)
    app.route<{ Params: IdParams }>({
      method,
      url: '/me/favourites/:id',
      config,
      schema: {
        summary: method === 'PUT' ? 'Make a monitor a favourite' : 'It is no favourite any more',
        params: IdParams,
      },
      handler: async (request, reply) => {
        const user = personOf(request, reply)
        if (user === undefined) return reply
        const set = await ownAccount.setFavourite(byOf(request), user, request.params.id, method === 'PUT')
        return set.ok ? reply.status(204).send() : refuse(reply, set.problem)
      },
    })
}
