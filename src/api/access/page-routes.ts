import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isObject } from '#lib/json.ts'
import type { Browser } from '#operations/access/sign-in.ts'
import { languageOf } from '../language.ts'
import { sessionTokenOf, setSessionCookie } from './cookie.ts'
import { safeNext, sentFrom } from './origin.ts'
import { type FormError, noLinkPage, setUpPage, signInPage } from './pages.ts'
import type { SetUpGate } from './set-up.ts'
import type { AccessTools } from './tools.ts'

const FORM_LIMIT = 16 * 1024
const PUBLIC = { config: { public: true } } as const

const fieldOf = (fields: unknown, name: string): string => {
  const value = isObject(fields) ? fields[name] : undefined
  return typeof value === 'string' ? value : ''
}

const browserOf = ({ ip, headers }: FastifyRequest): Browser => ({
  address: ip,
  userAgent: headers['user-agent'] ?? '',
})

const html = (reply: FastifyReply, status: number, page: string): FastifyReply =>
  reply.status(status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page)

const reader = (request: FastifyRequest) => languageOf(request.headers['accept-language'])

/** `/setup`, `/sign-in` and `/sign-out`: plain forms that work without a script. */
export const addAccessPages = (
  app: FastifyInstance,
  { storage, log, identities, signIn, accounts, ownAccount }: AccessTools,
  gate: SetUpGate,
): void => {
  const signInForm = async (
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    { name = '', next, error }: { name?: string; next: unknown; error?: FormError },
  ) => {
    const hasUsers = (await storage.users.count()) > 0
    const page = signInPage({ language: reader(request), name, next: safeNext(next), hasUsers, error })
    return html(reply, status, page)
  }

  app.register(async (scope) => {
    const options = { parseAs: 'string', bodyLimit: FORM_LIMIT } as const
    scope.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )

    scope.get('/setup', PUBLIC, async (request, reply) => {
      const token = fieldOf(request.query, 'token')
      const language = reader(request)
      if (!gate.accepts(token)) return html(reply, 403, noLinkPage(language))
      return html(reply, 200, setUpPage({ language, token, name: '' }))
    })

    scope.post('/setup', PUBLIC, async (request, reply) => {
      const { body } = request
      const [token, name, password] = [fieldOf(body, 'token'), fieldOf(body, 'name'), fieldOf(body, 'password')]
      const language = reader(request)
      const again = (status: number, error: FormError) =>
        html(reply, status, setUpPage({ language, token, name, error }))
      if (!gate.accepts(token)) return html(reply, 403, noLinkPage(language))
      if (sentFrom(request) === 'elsewhere') return again(403, 'cross_site')
      if (password !== fieldOf(body, 'password_again')) return again(400, 'different')
      const giveBack = gate.take(token)
      if (!giveBack) return html(reply, 403, noLinkPage(language))
      const by = { actor: 'setup', name: 'setup', address: request.ip }
      const wanted = { name, password, role: 'administrator' } as const
      const created = await accounts.createUser(by, wanted, true).catch((error) => {
        giveBack()
        throw error
      })
      if (!created.ok) {
        const { code } = created.problem
        if (code !== 'invalid_name' && code !== 'invalid_password') return html(reply, 403, noLinkPage(language))
        giveBack()
        return again(400, code)
      }
      const user = (await storage.users.byId(created.value))!
      log.info({ user: user.name }, 'the first administrator was created')
      setSessionCookie(request, reply, await signIn.open(user, browserOf(request), 'none'))
      return reply.redirect('/', 303)
    })

    scope.get('/sign-in', PUBLIC, async (request, reply) => {
      const next = fieldOf(request.query, 'next')
      const token = sessionTokenOf(request)
      if (token !== undefined && (await identities.session(token))) return reply.redirect(safeNext(next), 303)
      return signInForm(request, reply, 200, { next })
    })

    scope.post('/sign-in', PUBLIC, async (request, reply) => {
      const { body } = request
      const [name, next] = [fieldOf(body, 'name'), fieldOf(body, 'next')]
      if (sentFrom(request) === 'elsewhere') return signInForm(request, reply, 403, { name, next, error: 'cross_site' })
      const credentials = { name, password: fieldOf(body, 'password'), code: fieldOf(body, 'code').trim() }
      const outcome = await signIn.signIn(credentials, browserOf(request))
      if (outcome.ok) {
        setSessionCookie(request, reply, outcome.token)
        return reply.redirect(safeNext(next), 303)
      }
      // Without the name: people type their password there by mistake.
      log.warn({ address: request.ip, reason: outcome.reason }, 'sign-in refused')
      if (outcome.reason !== 'locked') return signInForm(request, reply, 401, { name, next, error: outcome.reason })
      reply.header('retry-after', String(Math.ceil(outcome.retryAfterMs / 1000)))
      return signInForm(request, reply, 429, { name, next, error: outcome })
    })

    scope.post('/sign-out', PUBLIC, async (request, reply) => {
      const token = sessionTokenOf(request)
      const session = token === undefined ? undefined : await identities.session(token)
      if (session && sentFrom(request) !== 'here')
        return signInForm(request, reply, 403, { next: '/', error: 'cross_site' })
      if (session) {
        const { id, name, sessionId } = session.actor
        await ownAccount.signOut({ actor: `user:${name}`, name, address: request.ip }, id, sessionId!)
        identities.forget()
      }
      setSessionCookie(request, reply, '')
      return reply.redirect('/sign-in', 303)
    })
  })
}
