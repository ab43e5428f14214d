import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { By } from '#core/who/by.ts'
import { Type } from '#lib/schema.ts'
import { actorOf } from '../access/actor.ts'
import { refuse } from '../refuse.ts'
import type { SentConfiguration, Services } from '../services.ts'
import { planView } from './configuration-view.ts'

/** A file of 16 MB, its tables, and what JSON makes of them. */
const LARGEST_BODY = 64 * 1024 * 1024

const body = Type.Object(
  {
    file: Type.String({ description: 'What it is called in messages', minLength: 1, maxLength: 4096 }),
    text: Type.String({ description: 'The file, YAML or JSON' }),
    environment: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Values of the names that it refers to as ${NAME}; none of the server itself is looked at',
      }),
    ),
    tables: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Tables that it names, base64' })),
    prune: Type.Optional(
      Type.Boolean({ default: false, description: 'What was made by hand and the file does not name goes' }),
    ),
    beside: Type.Optional(
      Type.Boolean({ default: false, description: 'By hand, beside the file that the server runs from' }),
    ),
  },
  { additionalProperties: false },
)

/** What was sent holds secrets: the audit log keeps how it was asked, and the operation what it did. */
const byOf = (request: FastifyRequest<{ Body: SentConfiguration }>): By => {
  const { kind, name } = actorOf(request)
  const { file, prune = false, beside = false } = request.body
  return { actor: `${kind}:${name}`, name, address: request.ip, asked: { file, prune, beside } }
}

export const addConfigurationRoutes = (app: FastifyInstance, { configuration }: Services): void => {
  const route = (summary: string) => ({
    config: { role: 'administrator' as const },
    bodyLimit: LARGEST_BODY,
    schema: { summary, body },
  })

  app.post<{ Body: SentConfiguration }>(
    '/configuration/plan',
    route('What a configuration file would do; nothing is changed'),
    async (request, reply) => {
      const planned = await configuration.plan(request.body)
      return planned.ok ? planView(planned.value, false) : refuse(reply, planned.problem)
    },
  )

  app.post<{ Body: SentConfiguration }>(
    '/configuration/apply',
    route('Do what a configuration file says, all or nothing'),
    async (request, reply) => {
      const applied = await configuration.apply(byOf(request), request.body)
      return applied.ok ? planView(applied.value, true) : refuse(reply, applied.problem)
    },
  )

  app.get(
    '/configuration/export',
    {
      config: { role: 'administrator' },
      schema: {
        summary: 'All that is configured, in the words of the file; names of the environment stand in place of secrets',
      },
    },
    () => configuration.exported(),
  )
}
