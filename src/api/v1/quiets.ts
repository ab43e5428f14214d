import type { FastifyInstance } from 'fastify'
import { MATCHER_OPERATORS, type Matcher, matchersProblem } from '#core/matcher.ts'
import { iso } from '#lib/iso.ts'
import { type Static, Type } from '#lib/schema.ts'
import { actorName } from '../access/actor.ts'
import { notFound, problem } from '../problem.ts'
import type { Services } from '../services.ts'
import { idParams, listQuery, page } from './lists.ts'

/** Matchers as they are sent. */
export const matchersSchema = Type.Array(
  Type.Object(
    {
      name: Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'subject, severity, type, rule, monitor or a label',
      }),
      operator: Type.Optional(Type.Enum(MATCHER_OPERATORS as unknown as string[], { default: '=' })),
      value: Type.Union(
        [Type.String({ maxLength: 500 }), Type.Array(Type.String({ maxLength: 500 }), { maxItems: 1000 })],
        { description: 'With =~ and !~, * and ? stand for anything; a list with in; an expression with matches' },
      ),
    },
    { additionalProperties: false },
  ),
  { minItems: 1, maxItems: 50 },
)
const range = {
  matchers: matchersSchema,
  starts_at: Type.Optional(Type.String({ description: 'ISO 8601; default: now' })),
  ends_at: Type.String({ description: 'ISO 8601' }),
}
const newSilence = Type.Object(
  { ...range, comment: Type.Optional(Type.String({ maxLength: 2000, default: '' })) },
  { additionalProperties: false },
)
const newWindow = Type.Object(
  { ...range, name: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
)

interface Range {
  readonly starts_at?: string | undefined
  readonly ends_at: string
}

const rangeOf = ({ starts_at: start, ends_at: end }: Range, now: number) => {
  const [startsAt, endsAt] = [start === undefined ? now : Date.parse(start), Date.parse(end)]
  return startsAt < endsAt && endsAt > now ? { startsAt, endsAt } : undefined
}

/** What both kinds of quiet time show. */
const view = <
  Q extends { id: number; matchers: readonly Matcher[]; startsAt: number; endsAt: number; createdAt: number },
>(
  { startsAt, endsAt, createdAt, ...quiet }: Q,
  now: number,
) => ({
  ...quiet,
  status: endsAt <= now ? 'over' : startsAt > now ? 'planned' : 'active',
  starts_at: iso(startsAt),
  ends_at: iso(endsAt),
  created_at: iso(createdAt),
})

const snake = <T extends { readonly createdBy: string }>({ createdBy, ...rest }: T) => ({
  ...rest,
  created_by: createdBy,
})

/** Silences and maintenance windows: alerts in them are recorded, and told only if they still fail at the end. */
export const addQuietRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, now } = services
  const RANGE = 'ends_at must be a time in the future and after starts_at'

  const kinds = [
    { path: '/silences', title: 'silence', book: storage.silences, body: newSilence },
    { path: '/maintenance', title: 'maintenance window', book: storage.maintenance, body: newWindow },
  ] as const

  for (const { path, title, book, body } of kinds) {
    app.get<{ Querystring: { limit: number; cursor?: number } }>(
      path,
      { schema: { summary: `Every ${title}, newest first`, querystring: Type.Object(listQuery) } },
      async ({ query: { limit, cursor } }) => {
        const found = await book.list(limit, cursor)
        return page(
          found.map((one) => snake(view(one, now()))),
          limit,
        )
      },
    )

    app.post<{ Body: Static<typeof newSilence> & Static<typeof newWindow> }>(
      path,
      { schema: { summary: `Begin a ${title}`, body } },
      async (request, reply) => {
        const times = rangeOf(request.body, now())
        if (!times) return problem(reply, 400, 'invalid_input', RANGE, [{ path: 'ends_at', message: RANGE }])
        const wrong = matchersProblem(request.body.matchers as Matcher[])
        if (wrong) {
          const fault = { path: `matchers.${wrong.index}.value`, message: wrong.message }
          return problem(reply, 400, 'invalid_input', `${fault.path}: ${fault.message}`, [fault])
        }
        const { comment = '', name = '' } = request.body
        const made = {
          ...times,
          matchers: request.body.matchers as readonly Matcher[],
          comment,
          name,
          createdBy: actorName(request),
          createdAt: now(),
        }
        const id = await storage.transaction((repositories) =>
          path === '/silences' ? repositories.silences.insert(made) : repositories.maintenance.insert(made),
        )
        await services.quietsChanged()
        const stored = (await book.list(1, id + 1))[0]!
        return reply.status(201).send(snake(view(stored, now())))
      },
    )

    app.delete<{ Params: { id: number } }>(
      `${path}/:id`,
      { schema: { summary: `End a ${title} now`, params: idParams } },
      async ({ params: { id } }, reply) => {
        const ended = await storage.transaction((repositories) =>
          path === '/silences' ? repositories.silences.end(id, now()) : repositories.maintenance.end(id, now()),
        )
        if (!ended) return notFound(reply, `${title} that still runs`)
        await services.quietsChanged()
        return reply.status(204).send()
      },
    )
  }
}
