import type { FastifyInstance } from 'fastify'
import { parseDuration } from '#lib/time/duration.ts'
import { problem } from '../problem.ts'
import { refuse } from '../refuse.ts'
import { byOf } from './by.ts'
import { IdParams, NewToken, TokenCreated, TokenList } from './schemas.ts'
import { tokenView } from './token-view.ts'
import type { AccessTools } from './tools.ts'

const config = { role: 'administrator' } as const
/** A hundred years: longer ones are mistakes, and no date. */
const LONGEST_MS = 36_525 * 86_400_000

export const addTokensApi = (app: FastifyInstance, { storage, accounts, identities }: AccessTools): void => {
  app.get(
    '/tokens',
    { config, schema: { summary: 'List the tokens, revoked ones too', response: { 200: TokenList } } },
    async () => ({ items: (await storage.tokens.list()).map(tokenView), next_cursor: null }),
  )

  app.post<{ Body: NewToken }>(
    '/tokens',
    { config, schema: { summary: 'Make a token', body: NewToken, response: { 201: TokenCreated } } },
    async (request, reply) => {
      const { name, role, expires } = request.body
      const lasts = expires === undefined ? undefined : parseDuration(expires)
      if (lasts !== undefined && !(lasts > 0 && lasts <= LONGEST_MS))
        return problem(
          reply,
          400,
          'invalid_input',
          'Write a time from now until the end, as 90d; leave it out for none.',
          [{ path: 'expires', message: 'is no time until the end, as 90d', fault: { code: 'bad_expiry', facts: {} } }],
        )
      const made = await accounts.createToken(byOf(request), { name, role, lastsMs: lasts ?? null })
      const token = (await storage.tokens.byId(made.id))!
      return reply.status(201).send({ ...tokenView(token), token: made.token })
    },
  )

  app.delete<{ Params: IdParams }>(
    '/tokens/:id',
    { config, schema: { summary: 'Revoke a token', params: IdParams } },
    async (request, reply) => {
      const revoked = await accounts.revokeToken(byOf(request), request.params.id)
      identities.forget()
      return revoked.ok ? reply.status(204).send() : refuse(reply, revoked.problem)
    },
  )
}
