import type { FastifyInstance } from 'fastify'
import { type ServerSettings, serverSettingsSchema } from '#core/server-settings.ts'
import { Type } from '#lib/schema.ts'
import { byOf } from '../access/by.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'

const withoutDefault = ({ default: _, ...schema }: { readonly default?: unknown; readonly [key: string]: unknown }) =>
  schema

/** Every setting by itself, without the defaults that a validator would fill in. */
const change = Type.Object(
  Object.fromEntries(
    Object.entries(serverSettingsSchema.properties).map(([name, schema]) => [
      name,
      Type.Optional(withoutDefault(schema as never) as never),
    ]),
  ),
  { additionalProperties: false, minProperties: 1 },
)

export const addSettingsRoutes = (app: FastifyInstance, { settings, operations }: Services): void => {
  app.get(
    '/settings',
    { schema: { summary: 'Settings of the whole server', response: { 200: serverSettingsSchema } } },
    async () => settings.get(),
  )

  app.patch<{ Body: Partial<ServerSettings> }>(
    '/settings',
    { config: { role: 'administrator' }, schema: { summary: 'Change settings', body: change } },
    async (request, reply) => {
      const changed = await operations.settings.change(byOf(request), request.body)
      return changed.ok ? changed.value : refuse(reply, changed.problem)
    },
  )
}
