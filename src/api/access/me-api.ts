import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { enrolUri, newTotpSecret, verifyTotp } from '#auth/totp.ts'
import { iso } from '#lib/time/iso.ts'
import type { User } from '#storage/users.ts'
import { problem } from '../problem.ts'
import { refuse } from '../refuse.ts'
import { actorOf } from './actor.ts'
import { notConfirmed } from './answers.ts'
import { byOf } from './by.ts'
import { Confirmation, IdParams, Me, NewPassword, RecoveryCodes, SessionList, TotpBegun, TotpCode } from './schemas.ts'
import type { AccessTools } from './tools.ts'

// Everybody may change what is their own.
const config = { role: 'viewer' } as const
const ENROL_MS = 600_000

/** What people see and change about their own account. */
export const addMeApi = (app: FastifyInstance, tools: AccessTools): void => {
  const { storage, clock, identities, signIn, accounts, ownAccount } = tools
  /** Secrets that were shown and not confirmed yet, by user. */
  const begun = new Map<number, { readonly secret: string; readonly until: number }>()

  /** The account of who asks; a token has none, and is told so. */
  const personOf = async (request: FastifyRequest, reply: FastifyReply): Promise<User | undefined> => {
    const { kind, id } = actorOf(request)
    const user = kind === 'user' ? await storage.users.byId(id) : undefined
    if (!user) problem(reply, 403, 'forbidden', 'Only a person who is signed in has this; a token has not.')
    return user
  }

  app.get('/me', { config, schema: { summary: 'Who asks', response: { 200: Me } } }, async (request) => {
    const { kind, id, name, role } = actorOf(request)
    const user = kind === 'user' ? await storage.users.byId(id) : undefined
    return { kind, id, name, role, ...(user && { language: user.language, totp: user.totpSecret !== null }) }
  })

  app.post<{ Body: NewPassword }>(
    '/me/password',
    { config, schema: { summary: 'Change the own password; ends the other sessions', body: NewPassword } },
    async (request, reply) => {
      const user = await personOf(request, reply)
      if (!user) return reply
      const { current_password, password } = request.body
      const check = await signIn.confirm(user, current_password, request.ip)
      if (!check.ok) return notConfirmed(reply, check)
      const { sessionId } = actorOf(request)
      const changed = await accounts.changeUser(byOf(request), user.id, { password }, sessionId)
      identities.forget()
      return changed.ok ? reply.status(204).send() : refuse(reply, changed.problem)
    },
  )

  app.post<{ Body: Confirmation }>(
    '/me/totp',
    {
      config,
      schema: { summary: 'Begin to set up a second factor', body: Confirmation, response: { 200: TotpBegun } },
    },
    async (request, reply) => {
      const user = await personOf(request, reply)
      if (!user) return reply
      const check = await signIn.confirm(user, request.body.current_password, request.ip)
      if (!check.ok) return notConfirmed(reply, check)
      if (user.totpSecret !== null)
        return problem(reply, 409, 'totp_exists', 'There is a second factor already: take it away first.')
      const secret = newTotpSecret()
      begun.set(user.id, { secret, until: clock.monotonic() + ENROL_MS })
      reply.header('cache-control', 'no-store')
      return { secret, uri: enrolUri(secret, user.name) }
    },
  )

  app.post<{ Body: TotpCode }>(
    '/me/totp/confirm',
    {
      config,
      schema: {
        summary: 'Finish the second factor with a code of the app',
        body: TotpCode,
        response: { 200: RecoveryCodes },
      },
    },
    async (request, reply) => {
      const user = await personOf(request, reply)
      if (!user) return reply
      const pending = begun.get(user.id)
      if (!pending || pending.until < clock.monotonic())
        return problem(reply, 409, 'totp_not_begun', 'Begin with POST /api/v1/me/totp; it stays open for 10 minutes.')
      const outcome = verifyTotp(pending.secret, request.body.code, clock.now(), null)
      if (!outcome.ok)
        return problem(
          reply,
          400,
          'wrong_code',
          'The code is not right. Check the clock of the phone, or wait for the next.',
        )
      begun.delete(user.id)
      const codes = await ownAccount.setTotp(byOf(request), user.id, pending.secret, outcome.step)
      reply.header('cache-control', 'no-store')
      return { recovery_codes: codes }
    },
  )

  app.delete<{ Body: Confirmation }>(
    '/me/totp',
    { config, schema: { summary: 'Take the second factor away', body: Confirmation } },
    async (request, reply) => {
      const user = await personOf(request, reply)
      if (!user) return reply
      const check = await signIn.confirm(user, request.body.current_password, request.ip)
      if (!check.ok) return notConfirmed(reply, check)
      await ownAccount.removeTotp(byOf(request), user.id)
      return reply.status(204).send()
    },
  )

  app.get(
    '/me/sessions',
    { config, schema: { summary: 'Where one is signed in', response: { 200: SessionList } } },
    async (request, reply) => {
      const user = await personOf(request, reply)
      if (!user) return reply
      const { sessionId } = actorOf(request)
      const sessions = await storage.sessions.ofUser(user.id, clock.now())
      return {
        items: sessions.map((session) => ({
          id: session.id,
          current: session.id === sessionId,
          address: session.address,
          user_agent: session.userAgent,
          created_at: iso(session.createdAt),
          last_used_at: iso(session.lastUsedAt),
          expires_at: iso(session.expiresAt),
        })),
        next_cursor: null,
      }
    },
  )

  app.delete<{ Params: IdParams }>(
    '/me/sessions/:id',
    { config, schema: { summary: 'End one of the own sessions', params: IdParams } },
    async (request, reply) => {
      const user = await personOf(request, reply)
      if (!user) return reply
      const ended = await ownAccount.endSession(byOf(request), user.id, request.params.id)
      identities.forget()
      return ended.ok ? reply.status(204).send() : refuse(reply, ended.problem)
    },
  )
}
