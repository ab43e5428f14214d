import type { FastifyInstance } from 'fastify'
import { type DeliveryForm, deliveryChangeOf, deliveryFields, deliveryView } from '#core/message/channel-entry.ts'
import { type Channel, type ChannelChange, type ChannelSpec, definedFields } from '#core/message/channel-spec.ts'
import type { JsonObject } from '#lib/json.ts'
import { Type } from '#lib/schema.ts'
import { maskSecrets } from '#storage/secret-fields.ts'
import { deliveryOutcomeView } from '#templates/delivery-outcome-view.ts'
import { byOf } from '../access/by.ts'
import { notFound } from '../problem.ts'
import { refuse } from '../refuse.ts'
import type { Services, TypeInfo } from '../services.ts'
import { idParams } from './lists.ts'

const fields = {
  options: Type.Optional(Type.Unknown({ description: 'Options of the type, see /types; *** keeps a secret' })),
  description: Type.Optional(Type.String({ maxLength: 2000 })),
  enabled: Type.Optional(Type.Boolean()),
  ...Object.fromEntries(
    Object.entries(deliveryFields).map(([field, schema]) => [
      field,
      Type.Optional(Type.Union([Type.Null(), schema], { description: 'null: not set' })),
    ]),
  ),
}
const name = Type.String({ minLength: 1, maxLength: 200 })
const newChannel = Type.Object({ name, type: Type.String(), ...fields }, { additionalProperties: false })
const channelChange = Type.Object({ name: Type.Optional(name), ...fields }, { additionalProperties: false })

const removal = Type.Object({
  force: Type.Optional(
    Type.Boolean({ default: false, description: 'Takes it out of the rules and monitors that name it' }),
  ),
})

interface Form extends DeliveryForm {
  readonly name?: string
  readonly options?: JsonObject
  readonly description?: string
  readonly enabled?: boolean
}

/** Null, as a view shows what is not set, takes it away. */
const changeOf = ({ name, options, description, enabled, ...delivery }: Form): ChannelChange => ({
  ...definedFields({ name, options, description, enabled }),
  ...deliveryChangeOf(delivery),
})

/** A channel as it may leave the server: its secrets are masked. */
export const channelView = (channel: Channel, types: ReadonlyMap<string, TypeInfo>) => {
  const type = types.get(channel.type)
  return {
    id: channel.id,
    name: channel.name,
    type: channel.type,
    description: channel.description ?? '',
    enabled: channel.enabled,
    options: type ? maskSecrets(type.options, channel.options) : {},
    ...deliveryView(channel),
    locked: channel.locked ?? false,
    origin: channel.origin ?? null,
  }
}

export const addChannelRoutes = (app: FastifyInstance, services: Services): void => {
  const { channelTypes } = services
  const { channels } = services.operations
  const byId = (id: number) => services.channels().find((channel) => channel.id === id)
  const view = (channel: Channel) => channelView(channel, channelTypes)

  app.get('/channels', { schema: { summary: 'All channels' } }, async () => ({
    items: services.channels().map(view),
    next_cursor: null,
  }))

  app.get<{ Params: { id: number } }>(
    '/channels/:id',
    { schema: { summary: 'One channel', params: idParams } },
    async ({ params: { id } }, reply) => {
      const channel = byId(id)
      return channel ? view(channel) : notFound(reply, 'channel')
    },
  )

  app.post<{ Body: Form & Pick<ChannelSpec, 'name' | 'type'> }>(
    '/channels',
    { schema: { summary: 'Make a channel', body: newChannel } },
    async (request, reply) => {
      const { body } = request
      const saved = await channels.create(byOf(request), {
        options: {},
        enabled: true,
        ...definedFields(changeOf(body)),
        name: body.name,
        type: body.type,
      })
      return saved.ok ? reply.status(201).send(view(saved.value)) : refuse(reply, saved.problem)
    },
  )

  app.patch<{ Params: { id: number }; Body: Form }>(
    '/channels/:id',
    { schema: { summary: 'Change a channel', params: idParams, body: channelChange } },
    async (request, reply) => {
      const saved = await channels.update(byOf(request), request.params.id, changeOf(request.body))
      return saved.ok ? view(saved.value) : refuse(reply, saved.problem)
    },
  )

  app.delete<{ Params: { id: number }; Querystring: { force: boolean } }>(
    '/channels/:id',
    { schema: { summary: 'Delete a channel', params: idParams, querystring: removal } },
    async (request, reply) => {
      const removed = await channels.remove(byOf(request), request.params.id, request.query.force)
      return removed.ok ? reply.status(204).send() : refuse(reply, removed.problem)
    },
  )

  app.post<{ Params: { id: number } }>(
    '/channels/:id/test',
    { schema: { summary: 'Send one test message and wait for the answer', params: idParams } },
    async (request, reply) => {
      const result = await channels.test(byOf(request), request.params.id)
      if (!result) return notFound(reply, 'channel')
      const { outcome, durationMs } = result
      return { ...deliveryOutcomeView(outcome), duration_ms: Math.round(durationMs) }
    },
  )
}
