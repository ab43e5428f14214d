import { lookup } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { DeliveryOutcome, SendContext, TargetGuard } from '#core/channel.ts'
import { createDeadline } from '#lib/deadline.ts'
import { errorCode, explainNetworkError } from './network-error.ts'
import { createSteps, type Explanation, permanent, type Steps, stopped, transient } from './outcome.ts'
import { retryAfterMs } from './retry-after.ts'
import { urlSecrets, withoutSecrets } from './secrets.ts'
import { excerpt } from './text.ts'

export interface HttpRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Further texts that no outcome may show; those of the address are found by themselves. */
  readonly secrets: readonly string[]
  /** Follow 307 and 308 within the same origin; everything else is refused. */
  readonly followRedirects?: boolean
  /** Bytes of the answer that are read, default 64 KiB. */
  readonly longestAnswer?: number
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<http.IncomingHttpHeaders>
  /** As far as it is read. */
  readonly body: string
}

/** What a service says beyond its status: a reason of its own, a wait, an id. */
export interface Reading extends Partial<Explanation> {
  readonly retryAfterMs?: number | undefined
  readonly reference?: string | undefined
}

const LONGEST_ANSWER = 65_536
const MOST_REDIRECTS = 3

/** An unused connection is kept for this long: shorter than most servers keep theirs. */
const KEPT_MS = 4000
const keeping = { keepAlive: true, timeout: KEPT_MS } as const
const kept = { 'http:': new http.Agent(keeping), 'https:': new https.Agent(keeping) } as const

class ForbiddenTarget extends Error {
  readonly code = 'FORBIDDEN_TARGET'
}

const checkAddress = (url: URL, address: string, guard: TargetGuard) => {
  const refusal = guard(url, address)
  if (refusal !== undefined) throw new ForbiddenTarget(refusal)
}

/** An address literal is never looked up, so it is checked before. */
const checkLiteral = (url: URL, guard: TargetGuard | undefined) => {
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (guard && isIP(literal) !== 0) checkAddress(url, literal, guard)
}

/**
 * Looks the name up and checks what it found: the address that was checked is the one that is connected to, so a name
 * that resolves differently the next moment changes nothing.
 */
const guardedLookup =
  (url: URL, guard: TargetGuard): LookupFunction =>
  (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      try {
        if (error) throw error
        for (const { address } of addresses) checkAddress(url, address, guard)
      } catch (refusal) {
        return callback(refusal as NodeJS.ErrnoException, [])
      }
      const [first] = addresses
      if (options.all || first === undefined) callback(null, addresses)
      else callback(null, first.address, first.family)
    })

/** The body as far as it comes: once the status is known, a body that is cut off or too long takes nothing back. */
const readBody = (response: http.IncomingMessage, longest: number): Promise<string> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const done = () => resolve(Buffer.concat(chunks).subarray(0, longest).toString('utf8'))
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length >= longest) response.destroy()
    })
    response.on('error', done).on('close', done)
  })

const traceSocket = (request: http.ClientRequest, steps: Steps) =>
  request.on('socket', (socket) => {
    if (request.reusedSocket) return
    socket.once('lookup', (_error, address) => steps.mark('dns', String(address ?? '')))
    socket.once('connect', () => steps.mark('connect', socket.remoteAddress))
    socket.once('secureConnect', () => steps.mark('tls'))
  })

/** The other side closed a kept connection before it saw the request. */
class ConnectionWasOld extends Error {}

const exchangeBy = (
  agent: http.Agent | false,
  url: URL,
  request: HttpRequest,
  guard: TargetGuard | undefined,
  signal: AbortSignal,
  steps: Steps,
): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    checkLiteral(url, guard)
    const length = request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) }
    const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
      method: request.method,
      headers: { 'user-agent': 'Vigia', ...request.headers, ...length },
      agent,
      ...(guard && { lookup: guardedLookup(url, guard) }),
    })
    // The option `signal` does the same at a multiple of the cost.
    const stop = () => outgoing.destroy(new Error('stopped'))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    outgoing.on('close', () => signal.removeEventListener('abort', stop))
    traceSocket(outgoing, steps)
    outgoing.on('error', (error) => {
      const old = outgoing.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(errorCode(error) ?? '')
      reject(old ? new ConnectionWasOld() : error)
    })
    outgoing.on('response', async (response) => {
      const body = await readBody(response, request.longestAnswer ?? LONGEST_ANSWER)
      const status = response.statusCode ?? 0
      steps.mark('answer', String(status))
      resolve({ status, headers: response.headers, body })
    })
    outgoing.end(request.body)
  })

const exchange = async (
  url: URL,
  request: HttpRequest,
  guard: TargetGuard | undefined,
  signal: AbortSignal,
  steps: Steps,
): Promise<HttpAnswer> => {
  const once = (agent: http.Agent | false) => exchangeBy(agent, url, request, guard, signal, steps)
  // A kept connection would pass by the check of the address.
  if (guard) return once(false)
  try {
    return await once(kept[url.protocol as keyof typeof kept])
  } catch (error) {
    if (!(error instanceof ConnectionWasOld)) throw error
    return once(false)
  }
}

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
    const answer = await exchange(url, request, context.guard, signal, steps)
    const next = request.followRedirects && redirects < MOST_REDIRECTS ? nextUrl(url, answer) : undefined
    if (next === undefined) return answer
    url = next
  }
}

const explainStatus = ({ status, headers }: HttpAnswer, url: URL): Explanation => {
  const message = `${url.host} answered ${status} ${http.STATUS_CODES[status] ?? ''}`.trimEnd()
  if (status >= 300 && status < 400) {
    const origin = URL.parse(headers.location ?? '', url)?.origin ?? 'nowhere'
    const cure = 'Write the final address as the URL: a redirect could carry the message elsewhere.'
    return permanent('bad_configuration', `${message}: it redirects to ${origin}, which is not followed.`, cure)
  }
  if (status === 401 || status === 403)
    return permanent('authentication_failed', `${message}.`, 'Check the address and its token or login.')
  if (status === 404 || status === 410) return permanent('not_found', `${message}.`, 'Check the address.')
  if (status === 408 || status === 425) return transient('timeout', `${message}.`)
  if (status === 429) return transient('rate_limited', `${message}.`)
  if (status >= 500) return transient('server_error', `${message}.`)
  if (status >= 400) return permanent('message_refused', `${message}.`)
  return transient('bad_answer', `${message}.`)
}

const conclude = (answer: HttpAnswer, url: URL, read: (answer: HttpAnswer) => Reading | undefined): DeliveryOutcome => {
  const { retryAfterMs: asked, reference, ...own } = read(answer) ?? {}
  const seen = { code: answer.status, ...(answer.body !== '' && { response: excerpt(answer.body) }) }
  if (answer.status >= 200 && answer.status < 300 && own.reason === undefined)
    return { ok: true, ...seen, ...(reference !== undefined && { reference }) }
  const wait = asked ?? retryAfterMs(answer.headers['retry-after'])
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
  if (timedOut) return transient('timeout', `${where} did not answer within ${context.timeoutMs} ms.`)
  if (error instanceof ForbiddenTarget) return permanent('forbidden_target', error.message)
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
    return { ok: false, ...permanent('bad_configuration', 'The address is not an http or https URL.') }
  const { steps, mark } = createSteps()
  const deadline = createDeadline(context.timeoutMs, context.signal)
  const secrets = [...request.secrets, ...urlSecrets(url)]
  const outcome = await follow(url, request, context, deadline.signal, { steps, mark }).then(
    (answer) => conclude(answer, url, read),
    (error: unknown): DeliveryOutcome => ({ ok: false, ...explainThrown(error, url, context, deadline.timedOut()) }),
  )
  deadline.clear()
  return withoutSecrets({ ...outcome, steps }, secrets)
}

/** The body as an object of JSON, `{}` when it is none. */
export const jsonBody = ({ body }: HttpAnswer): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
