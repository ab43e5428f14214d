import type { FastifyInstance } from 'fastify'
import { codeFields } from '#core/cause/cause-fields.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { JsonObject } from '#lib/json.ts'
import { type Static, Type } from '#lib/schema.ts'
import type { TestResult } from '#operations/channel-test.ts'
import { deliveryTotals } from '#pipeline/tell/delivery-totals.ts'
import { type DeliveryTotals, sumBy } from '#storage/delivery-totals.ts'
import { troubleInSpanish } from '#templates/delivery-outcome-view.ts'
import { byOf } from '../access/by.ts'
import type { Services } from '../services.ts'
import { failure, olderTime, refuse, type Wording } from './answers.ts'
import { needs } from './bodies.ts'
import { changedOptions, configOf, configPath, optionsOf } from './channel-config.ts'
import { idParams, oneOf } from './paths.ts'

const fields = {
  channel_name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  config: Type.Optional(Type.Unsafe<JsonObject>({ type: 'object' })),
  description: Type.Optional(Type.String({ maxLength: 2000 })),
  is_enabled: Type.Optional(Type.Boolean()),
}
const newChannel = Type.Object({ ...fields, channel_type: Type.Optional(Type.String({ maxLength: 100 })) })
const channelChange = Type.Object(fields)

const MISSING = 'Canal no encontrado'
const wording: Wording = {
  missing: MISSING,
  taken: 'Ya existe un canal con ese nombre',
  pathOf: (path) => (path === 'name' ? 'channel_name' : path.startsWith('options') ? configPath(path) : path),
}

/** Why a test failed: in the panel's language, with what that is made of. */
const errorOf = ({ outcome }: TestResult) =>
  outcome.ok ? { error: null } : { error: troubleInSpanish(outcome), ...codeFields(outcome.cause) }

export const addChannels = (app: FastifyInstance, services: Services): void => {
  const { channelTypes } = services
  const { channels: operations } = services.operations
  const byId = (id: number) => services.channels().find((channel) => channel.id === id)

  const view = (channel: Channel, totals: DeliveryTotals | undefined) => ({
    id: channel.id,
    channel_name: channel.name,
    channel_type: channel.type,
    description: channel.description ?? '',
    config: configOf(channel, channelTypes),
    is_enabled: channel.enabled,
    is_verified: totals?.tested ?? false,
    total_alerts_sent: totals?.attempts ?? 0,
    successful_sends: totals?.successes ?? 0,
    failed_sends: totals?.failures ?? 0,
    last_alert_sent_at: olderTime(totals?.lastSuccessAt ?? null),
  })

  const views = async (channels: readonly Channel[]) => {
    const totals = sumBy(await deliveryTotals(services), ({ channelId }) => channelId)
    return channels.map((channel) => view(channel, totals.get(channel.id)))
  }
  const viewOf = async (channel: Channel) => (await views([channel]))[0]!

  app.get('/channels', async () => {
    const channels = await views(services.channels())
    return { success: true, channels, total: channels.length }
  })

  app.get<{ Params: { id: number } }>(
    oneOf('channels'),
    { schema: { params: idParams } },
    async ({ params: { id } }, reply) => {
      const channel = byId(id)
      return channel ? { success: true, channel: await viewOf(channel) } : failure(reply, 404, MISSING)
    },
  )

  app.post<{ Body: Required<Static<typeof newChannel>> }>(
    '/channels',
    { schema: { body: newChannel }, preValidation: needs('channel_name', 'channel_type', 'config') },
    async (request, reply) => {
      const {
        channel_name: name,
        channel_type: type,
        config,
        description = '',
        is_enabled: enabled = true,
      } = request.body
      if (!channelTypes.has(type)) return failure(reply, 400, `Tipo de canal no soportado: ${type}`)
      const saved = await operations.create(byOf(request), {
        name,
        type,
        description,
        enabled,
        options: optionsOf(type, config),
      })
      if (!saved.ok) return refuse(reply, saved.problem, wording)
      const channel = await viewOf(saved.value)
      return { success: true, channel_id: channel.id, message: 'Canal creado exitosamente', channel }
    },
  )

  app.put<{ Params: { id: number }; Body: Static<typeof channelChange> }>(
    oneOf('channels'),
    { schema: { params: idParams, body: channelChange }, preValidation: needs() },
    async (request, reply) => {
      const { id } = request.params
      const { body } = request
      const before = byId(id)
      if (!before) return failure(reply, 404, MISSING)
      const saved = await operations.update(byOf(request), id, {
        ...(body.channel_name !== undefined && { name: body.channel_name }),
        ...(body.config !== undefined && { options: changedOptions(before, body.config) }),
        ...(body.description !== undefined && { description: body.description }),
        ...(body.is_enabled !== undefined && { enabled: body.is_enabled }),
      })
      if (!saved.ok) return refuse(reply, saved.problem, wording)
      return { success: true, message: 'Canal actualizado exitosamente', channel: await viewOf(saved.value) }
    },
  )

  app.delete<{ Params: { id: number } }>(
    oneOf('channels'),
    { schema: { params: idParams } },
    async (request, reply) => {
      // The older panel asked nobody; rules that named it name it no longer.
      const removed = await operations.remove(byOf(request), request.params.id, true)
      if (!removed.ok) return refuse(reply, removed.problem, wording)
      return { success: true, message: 'Canal eliminado exitosamente' }
    },
  )

  app.post<{ Params: { id: number } }>(
    oneOf('channels', 'toggle'),
    { schema: { params: idParams } },
    async (request, reply) => {
      const { id } = request.params
      const channel = byId(id)
      if (!channel) return failure(reply, 404, MISSING)
      const saved = await operations.update(byOf(request), id, { enabled: !channel.enabled })
      if (!saved.ok) return refuse(reply, saved.problem, wording)
      const { enabled } = saved.value
      return { success: true, message: enabled ? 'Canal habilitado' : 'Canal deshabilitado', is_enabled: enabled }
    },
  )

  app.post<{ Params: { id: number } }>(
    oneOf('channels', 'test'),
    { schema: { params: idParams } },
    async (request, reply) => {
      const { id } = request.params
      const channel = byId(id)
      if (!channel) return failure(reply, 404, MISSING)
      if (!channel.enabled) return failure(reply, 400, 'El canal está deshabilitado')
      if (channel.type === 'email' && channel.options.to === undefined)
        return failure(reply, 400, 'No hay destinatarios configurados')
      const result = await operations.test(byOf(request), id, true)
      if (!result) return failure(reply, 404, MISSING)
      return { success: result.outcome.ok, ...errorOf(result), duration_ms: Math.round(result.durationMs) }
    },
  )
}
