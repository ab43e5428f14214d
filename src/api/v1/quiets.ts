import type { FastifyInstance } from 'fastify'
import { MATCHER_OPERATORS, type Matcher } from '#core/rule/matcher.ts'
import type { By } from '#core/who/by.ts'
import { type Static, Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import { byOf } from '../access/by.ts'
import { refuse } from '../refuse.ts'
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
  readonly matchers: readonly unknown[]
  readonly starts_at?: string | undefined
  readonly ends_at: string
}

const quietOf = ({ matchers, starts_at: start, ends_at: end }: Range, now: number) => ({
  matchers: matchers as readonly Matcher[],
  startsAt: start === undefined ? now : Date.parse(start),
  endsAt: Date.parse(end),
})

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

const snake = <T extends { readonly createdBy: string; readonly planId?: number }>({
  createdBy,
  planId,
  ...rest
}: T) => ({
  ...rest,
  created_by: createdBy,
  ...(planId !== undefined && { plan_id: planId }),
})

/** Silences and maintenance windows: alerts in them are recorded, and told only if they still fail at the end. */
export const addQuietRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, now } = services
  const { quiets } = services.operations

  const silences = {
    path: '/silences',
    title: 'silence',
    book: storage.silences,
    body: newSilence,
    begin: (by: By, { comment = '', ...range }: Static<typeof newSilence>) =>
      quiets.beginSilence(by, { ...quietOf(range, now()), comment }),
    end: quiets.endSilence,
  }
  const windows = {
    path: '/maintenance',
    title: 'maintenance window',
    book: storage.maintenance,
    body: newWindow,
    begin: (by: By, { name, ...range }: Static<typeof newWindow>) =>
      quiets.beginWindow(by, { ...quietOf(range, now()), name }),
    end: quiets.endWindow,
  }

  for (const { path, title, book, body, begin, end } of [silences, windows]) {
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
        const begun = await begin(byOf(request), request.body)
        return begun.ok ? reply.status(201).send(snake(view(begun.value, now()))) : refuse(reply, begun.problem)
      },
    )

    app.delete<{ Params: { id: number } }>(
      `${path}/:id`,
      { schema: { summary: `End a ${title} now`, params: idParams } },
      async (request, reply) => {
        const ended = await end(byOf(request), request.params.id)
        return ended.ok ? reply.status(204).send() : refuse(reply, ended.problem)
      },
    )
  }
}
