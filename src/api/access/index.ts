import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bearerToken } from '#auth/session-token.ts'
import type { Actor } from '#core/who/actor.ts'
import { mayAct } from '#core/who/role.ts'
import { createAccountOperations } from '#operations/access/accounts.ts'
import { createFailedSignIns } from '#operations/access/failed-sign-ins.ts'
import { createIdentities } from '#operations/access/identities.ts'
import { createOwnAccountOperations } from '#operations/access/own-account.ts'
import { createSignIn } from '#operations/access/sign-in.ts'
import { createOperate } from '#operations/operation.ts'
import { problem } from '../problem.ts'
import { READING_METHODS } from '../reading-methods.ts'
import { addAtHandApi } from './at-hand-api.ts'
import { addAuditApi } from './audit-api.ts'
import { sessionTokenOf, setSessionCookie } from './cookie.ts'
import { addMeApi } from './me-api.ts'
import { sentFrom } from './origin.ts'
import { addAccessPages } from './page-routes.ts'
import { createSetUpGate } from './set-up.ts'
import { createStanding } from './standing.ts'
import { addTokensApi } from './tokens-api.ts'
import type { AccessDeps, AccessTools } from './tools.ts'
import { addUsersApi } from './users-api.ts'

export type { AccessDeps } from './tools.ts'

export interface Access {
  /** The one-time link that creates the first administrator; undefined when there is a user. A new one ends the last. */
  setUpUrl(base: string): Promise<string | undefined>
}

const isBrowser = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && headers.accept?.includes('text/html') === true

const unauthorized = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  if (isBrowser(request)) {
    const next = request.url === '/' ? '' : `?next=${encodeURIComponent(request.url)}`
    return reply.redirect(`/sign-in${next}`, 302)
  }
  reply.header('www-authenticate', 'Bearer')
  return problem(reply, 401, 'unauthorized', 'This needs a session, or a token as "Authorization: Bearer TOKEN".')
}

/**
 * Guards every route, whoever adds it: without `config.public` it needs a session or a token, and of `config.role` where
 * that is set. Adds the pages and the API of accounts, tokens and the audit log.
 */
export const addAccess = (app: FastifyInstance, deps: AccessDeps): Access => {
  const { storage, log } = deps
  const onTrouble = (error: unknown) => log.warn({ err: error }, 'the time of a last use cannot be written')
  const identities = createIdentities(deps, onTrouble)
  const failed = createFailedSignIns({ storage, now: deps.clock.now, timers: deps.timers }, (error) =>
    log.warn({ err: error }, 'a failed sign-in cannot be written into the audit log'),
  )
  app.addHook('onClose', failed.flush)
  // Who signs in where is not for everybody who watches live.
  const operate = createOperate({ storage, now: deps.clock.now, announce: () => {} })
  const tools: AccessTools = {
    ...deps,
    identities,
    signIn: createSignIn({ ...deps, operate, failed }),
    accounts: createAccountOperations(operate),
    ownAccount: createOwnAccountOperations(operate, deps.sealer),
  }
  const gate = createSetUpGate()
  const standing = createStanding(identities, deps.timers)
  app.decorate('whileAllowed', standing.whileAllowed)
  app.addHook('onClose', async () => standing.close())

  /** Who has the session of the browser; prolongs it where it is due. */
  const bySession = async (request: FastifyRequest, reply: FastifyReply): Promise<Actor | undefined> => {
    const token = sessionTokenOf(request)
    const session = token === undefined ? undefined : await identities.session(token)
    if (session?.renewed) setSessionCookie(request, reply, token!)
    return session?.actor
  }

  /** Lets somebody in who may do what he asks for; returns the refusal else. */
  const admit = (request: FastifyRequest, reply: FastifyReply, actor: Actor, token: string) => {
    const reads = READING_METHODS.has(request.method)
    // A browser sends its cookie along wherever a request comes from; a token is sent by who means it.
    if (actor.kind === 'user' && !reads && sentFrom(request) !== 'here')
      return problem(reply, 403, 'cross_site', 'This was not sent from a page of this server. A program uses a token.')
    const needed = request.routeOptions.config.role ?? (reads ? 'viewer' : 'operator')
    if (!request.is404 && !mayAct(actor.role, needed))
      return problem(reply, 403, 'forbidden', `This needs the role ${needed}; ${actor.name} is ${actor.role}.`)
    request.actor = actor
    standing.note(request, token)
    return undefined
  }

  const lookUp = async (request: FastifyRequest, reply: FastifyReply, token: string | undefined) => {
    const actor = token === undefined ? await bySession(request, reply) : await identities.token(token)
    return actor ? admit(request, reply, actor, token ?? sessionTokenOf(request)!) : unauthorized(request, reply)
  }

  app.decorateRequest('actor', null)
  app.decorateRequest('shown', null)
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.public) return done()
    const token = bearerToken(request.headers.authorization)
    const known = token === undefined ? undefined : identities.remembered(token)
    // A program that sends thousands of requests a second is let in without a promise each.
    if (!known) return lookUp(request, reply, token)
    return admit(request, reply, known, token!) ? undefined : done()
  })

  addAccessPages(app, tools, gate)
  app.register(
    async (scope) => {
      for (const add of [addUsersApi, addMeApi, addAtHandApi, addTokensApi, addAuditApi]) add(scope, tools)
    },
    { prefix: '/api/v1' },
  )

  return {
    setUpUrl: async (base) => ((await storage.users.count()) > 0 ? undefined : gate.link(base)),
  }
}
