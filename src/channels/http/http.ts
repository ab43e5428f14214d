import { because, type CauseCode } from '#core/cause/cause.ts'
import { helps } from '#core/cause/delivery-cures.ts'
import type { DeliveryOutcome, SendContext } from '#core/channel.ts'
import { http } from '#lib/net/node-http.ts'
import { createDeadline } from '#lib/time/deadline.ts'
import { createSteps, type Explanation, permanent, type Steps, stopped, transient } from '../text/outcome.ts'
import { excerpt } from '../text/text.ts'
import { ForbiddenTarget } from './guarded-lookup.ts'
import { exchange, type HttpAnswer, type HttpRequest } from './http-exchange.ts'
import { errorCode, explainNetworkError } from './network-error.ts'
import { retryAfterMs } from './retry-after.ts'
import { urlSecrets, withoutSecrets } from './secrets.ts'

export type { HttpAnswer, HttpRequest } from './http-exchange.ts'

/** What a service says beyond its status: a reason of its own, a wait, an id. */
export interface Reading extends Partial<Explanation> {
  readonly retryAfterMs?: number | undefined
  readonly reference?: string | undefined
}

const MOST_REDIRECTS = 3

/** Where a 307 or 308 of the same origin leads; undefined when it is not to be followed. */
const nextUrl = (url: URL, { status, headers }: HttpAnswer): URL | undefined => {
  if ((status !== 307 && status !== 308) || headers.location === undefined) return undefined
  const next = URL.parse(headers.location, url)
  return next?.origin === url.origin ? next : undefined
}

const follow = async (
  start: URL,
  request: HttpRequest,
  context: SendContext,
  signal: AbortSignal,
  steps: Steps,
): Promise<HttpAnswer> => {
  let url = start
  for (let redirects = 0; ; redirects++) {
    const answer = await exchange(url, request, context, signal, steps)
    const next = request.followRedirects && redirects < MOST_REDIRECTS ? nextUrl(url, answer) : undefined
    if (next === undefined) return answer
    url = next
  }
}

/** Where a redirect leads that is not followed: its place alone, for the rest may be a secret. */
const redirected = (said: { where: string; status: string }, location: string | undefined, url: URL): Explanation => {
  const origin = URL.parse(location ?? '', url)?.origin
  const cause =
    origin === undefined ? because('http_redirected_nowhere', said) : because('http_redirected', { ...said, origin })
  return permanent('bad_configuration', cause, helps('write_final_address'))
}

const explainStatus = ({ status, headers }: HttpAnswer, url: URL): Explanation => {
  const said = { where: url.host, status: `${status} ${http.STATUS_CODES[status] ?? ''}`.trimEnd() }
  if (status >= 300 && status < 400) return redirected(said, headers.location, url)
  const cause = because('http_answered', said)
  if (status === 401 || status === 403)
    return permanent('authentication_failed', cause, helps('check_address_and_login'))
  if (status === 404 || status === 410) return permanent('not_found', cause, helps('check_address'))
  if (status === 408 || status === 425) return transient('timeout', cause)
  if (status === 429) return transient('rate_limited', cause)
  if (status >= 500) return transient('server_error', cause)
  if (status >= 400) return permanent('message_refused', cause)
  return transient('bad_answer', cause)
}

const conclude = (
  answer: HttpAnswer,
  url: URL,
  now: number,
  read: (answer: HttpAnswer) => Reading | undefined,
): DeliveryOutcome => {
  const { retryAfterMs: asked, reference, ...own } = read(answer) ?? {}
  const seen = { code: answer.status, ...(answer.body !== '' && { response: excerpt(answer.body) }) }
  if (answer.status >= 200 && answer.status < 300 && own.reason === undefined)
    return { ok: true, ...seen, ...(reference !== undefined && { reference }) }
  const wait = asked ?? retryAfterMs(answer.headers['retry-after'], now)
  return {
    ok: false,
    ...explainStatus(answer, url),
    ...own,
    ...seen,
    ...(wait !== undefined && { retryAfterMs: wait }),
  }
}

const explainThrown = (error: unknown, url: URL, context: SendContext, timedOut: boolean): Explanation => {
  const where = url.port === '' ? url.hostname : url.host
  if (context.signal.aborted) return stopped()
  if (timedOut) return transient('timeout', because('delivery_not_answered_within', { where, ms: context.timeoutMs }))
  if (error instanceof ForbiddenTarget) return permanent('forbidden_target', error.why)
  return explainNetworkError(errorCode(error), where)
}

/**
 * Sends one HTTP request and turns whatever happens into an outcome, without secrets. `read` adds what the service
 * says in its own words; without it the status decides.
 */
export const deliver = async (
  request: HttpRequest,
  context: SendContext,
  read: (answer: HttpAnswer) => Reading | undefined = () => undefined,
): Promise<DeliveryOutcome> => {
  const url = URL.parse(request.url)
  if (url === null || !/^https?:$/.test(url.protocol))
    return { ok: false, ...permanent('bad_configuration', because('http_url_unknown')) }
  const { steps, mark } = createSteps()
  const deadline = createDeadline(context.timeoutMs, context.signal)
  const secrets = [...request.secrets, ...urlSecrets(url)]
  const outcome = await follow(url, request, context, deadline.signal, { steps, mark }).then(
    (answer) => conclude(answer, url, context.now(), read),
    (error: unknown): DeliveryOutcome => ({ ok: false, ...explainThrown(error, url, context, deadline.timedOut()) }),
  )
  deadline.clear()
  return withoutSecrets({ ...outcome, steps }, secrets)
}

/** How an answer of a service is called within a sentence. */
type Service = Extract<CauseCode, `answer_of_${string}`>

/** An answer that succeeds by its status and is not the protocol's own: a portal or a proxy gave it. Tried again. */
export const notItsAnswer = ({ status, body }: HttpAnswer, service: Service): Reading => {
  const code = !/^\s*(<|$)/.test(body)
    ? 'http_answered_something_else'
    : body.trim() === ''
      ? 'http_answered_nothing'
      : 'http_answered_page'
  return transient('bad_answer', because(code, { status, service: because(service) }), helps('see_what_stands_between'))
}

export const succeeds = ({ status }: HttpAnswer): boolean => status >= 200 && status < 300

/** The body as an object of JSON, `{}` when it is none. */
export const jsonBody = ({ body }: HttpAnswer): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
