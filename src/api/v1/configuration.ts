import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { By } from '#core/who/by.ts'
import { Type } from '#lib/schema.ts'
import { DURATION_PATTERN, durationMs } from '#lib/time/duration.ts'
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

const planBody = Type.Object(
  {
    ...body.properties,
    replay: Type.Optional(
      Type.String({
        pattern: DURATION_PATTERN,
        maxLength: 20,
        description: 'So far back: what it would have told over the stored results and events',
      }),
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

  app.post<{ Body: SentConfiguration & { readonly replay?: string } }>(
    '/configuration/plan',
    {
      ...route('What a configuration file would do; nothing is changed'),
      schema: { summary: 'What a configuration file would do; nothing is changed', body: planBody },
    },
    async (request, reply) => {
      const { replay, ...sent } = request.body
      const planned = await configuration.plan(sent)
      if (!planned.ok) return refuse(reply, planned.problem)
      if (replay === undefined) return planView(planned.value, false)
      const replayed = await configuration.replay(sent, durationMs(replay))
      return replayed.ok ? planView(planned.value, false, replayed.value) : refuse(reply, replayed.problem)
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
