import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Outcome } from '#core/problem.ts'
import { isObject } from '#lib/json.ts'
import { type Static, Type } from '#lib/schema.ts'
import { MOST_UPLOADED } from '#operations/import/uploaded-files.ts'
import type { UploadView } from '#operations/import/uploads.ts'
import { byOf } from '../access/by.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'

/** Of a call without a body. */
const NO_BYTES: readonly Buffer[] = []
const ADMINISTRATOR = { role: 'administrator' } as const

const params = Type.Object({ id: Type.String({ maxLength: 100, description: 'As the answer to its first file says' }) })

const named = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 1000,
      description: 'What the file is called there; with / as part of a folder: conf.d/services.yaml',
    }),
    more: Type.Optional(Type.Boolean({ description: 'Further files follow: nothing is read yet', default: false })),
  },
  { additionalProperties: false },
)

const begun = Type.Object(
  {
    ...named.properties,
    source: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1000,
        description: 'The folder it lay in: things of another file of the same name are others',
      }),
    ),
  },
  { additionalProperties: false },
)

const choice = Type.Object(
  {
    kind: Type.Optional(Type.String({ maxLength: 40, description: 'What it is, where that is not recognised' })),
    columns: Type.Optional(
      Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 1000 }), {
        description: 'Of a list: which column holds what, by its title or number from 1: { "address": "IP" }',
      }),
    ),
    time_zone: Type.Optional(Type.String({ maxLength: 100, description: 'Zone of times without one' })),
    prune: Type.Optional(
      Type.Boolean({ description: 'Also remove what an earlier import of the same brought and is there no more' }),
    ),
  },
  { additionalProperties: false },
)

const pruning = Type.Object(
  { prune: Type.Optional(Type.Boolean({ default: false, description: 'Also remove what is there no more' })) },
  { additionalProperties: false },
)

/** The plan is written in a thread of its own, and goes on as it is. */
const send = (reply: FastifyReply, status: number, outcome: Outcome<UploadView>): FastifyReply => {
  if (!outcome.ok) return refuse(reply, outcome.problem)
  const { body, ...head } = outcome.value
  const text = `${JSON.stringify(head).slice(0, -1)},"plan":${body ?? 'null'}}`
  return reply.status(status).type('application/json').send(text)
}

const lengthOf = ({ headers }: FastifyRequest): number | undefined =>
  headers['content-length'] === undefined ? undefined : Number(headers['content-length'])

interface Sent {
  readonly Querystring: { readonly name: string; readonly more?: boolean; readonly source?: string }
  readonly Params: { readonly id?: string }
}

/** What other tools watch, brought along as files. */
export const addImportRoutes = (app: FastifyInstance, { uploads }: Services): void => {
  const take = async (request: FastifyRequest<Sent>, reply: FastifyReply, id?: string) => {
    const { name, more = false, source } = request.query
    const arriving = { name, body: (request.body ?? NO_BYTES) as AsyncIterable<Buffer>, declared: lengthOf(request) }
    const added = await uploads.add(arriving, id, source)
    return send(reply, 201, added.ok && !more ? await uploads.plan(added.value.id, {}) : added)
  }

  void app.register(async (files) => {
    // Files come as they are, whatever they are: a piece at a time, never whole in memory.
    files.removeAllContentTypeParsers()
    files.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    const takes = {
      bodyLimit: MOST_UPLOADED,
      config: {
        ...ADMINISTRATOR,
        body: { type: 'string', format: 'binary' },
        consumes: ['application/octet-stream'],
      },
    }
    files.post<Sent>(
      '/imports',
      { ...takes, schema: { summary: 'Send a file of another tool; answers what it would bring', querystring: begun } },
      (request, reply) => take(request, reply),
    )
    files.post<Sent>(
      '/imports/:id/files',
      { ...takes, schema: { summary: 'Send one more file of it', params, querystring: named } },
      (request, reply) => take(request, reply, request.params.id),
    )
  })

  app.get<{ Params: { id: string } }>(
    '/imports/:id',
    { config: ADMINISTRATOR, schema: { params, summary: 'How far an import is, and what it would bring' } },
    async (request, reply) => send(reply, 200, uploads.look(request.params.id)),
  )

  app.post<{ Params: { id: string }; Body: Static<typeof choice> }>(
    '/imports/:id/plan',
    { config: ADMINISTRATOR, schema: { params, summary: 'Read what was sent in another way', body: choice } },
    async (request, reply) => {
      const { kind, columns, time_zone: timeZone, prune } = request.body
      return send(reply, 200, await uploads.plan(request.params.id, { kind, columns, timeZone, prune }))
    },
  )

  app.post<{ Params: { id: string }; Body: Static<typeof pruning> }>(
    '/imports/:id/apply',
    { config: ADMINISTRATOR, schema: { params, summary: 'Bring it in: all of it, or nothing', body: pruning } },
    async (request, reply) => {
      const prune = isObject(request.body) && request.body.prune === true
      return send(reply, 200, await uploads.apply(byOf(request), request.params.id, prune))
    },
  )

  app.delete<{ Params: { id: string } }>(
    '/imports/:id',
    { config: ADMINISTRATOR, schema: { params, summary: 'Forget what was sent' } },
    async (request, reply) => {
      const removed = await uploads.remove(request.params.id)
      return removed.ok ? reply.status(204).send() : refuse(reply, removed.problem)
    },
  )
}
