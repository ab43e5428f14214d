import type { FastifyInstance } from 'fastify'
import { deliverySchema } from '#core/message/channel-entry.ts'
import type { Services, TypeInfo } from '../services.ts'

const view = (types: ReadonlyMap<string, TypeInfo>) =>
  [...types.values()].map(({ name, title, 'x-es': spanish, options }) => ({ name, title, 'x-es': spanish, options }))

/** The registered types with the schemas of their options, from which forms are made. */
export const addTypeRoutes = (
  app: FastifyInstance,
  { probeTypes, channelTypes, monitorSchema, monitorDefaults }: Services,
): void => {
  app.get('/types', { schema: { summary: 'Types of probes and channels with their schemas' } }, async () => ({
    probes: view(probeTypes),
    channels: view(channelTypes),
    /** How a channel of any type sends. */
    channel: deliverySchema,
    monitor: monitorSchema,
    monitor_defaults: monitorDefaults,
  }))
}
