import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import https from 'node:https'
import type { SendContext } from '#core/channel.ts'
import { http } from '#lib/net/node-http.ts'
import type { Steps } from '../text/outcome.ts'
import { checkLiteral, guardedLookup } from './guarded-lookup.ts'
import { findBy } from './lookup.ts'
import { errorCode } from './network-error.ts'

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
  /** Ms for the body of the answer, once its status is known; default 3 s. */
  readonly bodyPatienceMs?: number
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<IncomingHttpHeaders>
  /** As far as it is read. */
  readonly body: string
}

const LONGEST_ANSWER = 65_536
/** Who has said the status has the message; a body that never ends must not make it be sent again. */
const BODY_PATIENCE_MS = 3000
/** An unused connection is kept for this long: shorter than most servers keep theirs. */
const KEPT_MS = 4000
const keeping = { keepAlive: true, timeout: KEPT_MS } as const
const kept = { 'http:': new http.Agent(keeping), 'https:': new https.Agent(keeping) } as const

/**
 * The body as far as it comes in time: once the status is known, a body that is cut off, too long or never ends takes
 * nothing back.
 */
const readBody = (
  response: IncomingMessage,
  longest: number,
  patienceMs: number,
  timers: SendContext['timers'],
): Promise<string> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const patience = timers.after(patienceMs, () => response.destroy())
    const done = () => {
      timers.clear(patience)
      resolve(Buffer.concat(chunks).subarray(0, longest).toString('utf8'))
    }
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length >= longest) response.destroy()
    })
    response.on('error', done).on('close', done)
  })

const traceSocket = (request: ClientRequest, steps: Steps) =>
  request.on('socket', (socket) => {
    if (request.reusedSocket) return
    socket.once('lookup', (_error, address) => steps.mark('dns', String(address ?? '')))
    socket.once('connect', () => steps.mark('connect', socket.remoteAddress))
    socket.once('secureConnect', () => steps.mark('tls'))
  })

/** The other side closed a kept connection before it saw the request. */
class ConnectionWasOld extends Error {}

/** What stands between a name and a connection to it, and what waits. */
export type Reach = Pick<SendContext, 'guard' | 'resolve' | 'timers'>

const exchangeBy = (
  agent: Agent | false,
  url: URL,
  request: HttpRequest,
  { guard, resolve: lent, timers }: Reach,
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
      ...((guard || lent) && { lookup: guardedLookup(url, guard, findBy(lent, signal)) }),
    })
    // The option `signal` does the same at a multiple of the cost.
    let answered: IncomingMessage | undefined
    const stop = () => (answered ? answered.destroy() : outgoing.destroy(new Error('stopped')))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    outgoing.on('close', () => signal.removeEventListener('abort', stop))
    traceSocket(outgoing, steps)
    outgoing.on('error', (error) => {
      const old = outgoing.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(errorCode(error) ?? '')
      reject(old ? new ConnectionWasOld() : error)
    })
    outgoing.on('response', async (response) => {
      answered = response
      const { longestAnswer = LONGEST_ANSWER, bodyPatienceMs = BODY_PATIENCE_MS } = request
      const body = await readBody(response, longestAnswer, bodyPatienceMs, timers)
      const status = response.statusCode ?? 0
      steps.mark('answer', String(status))
      resolve({ status, headers: response.headers, body })
    })
    outgoing.end(request.body)
  })

/** One request and its answer, over a connection of its own where the target is guarded. Rejects with the system's error. */
export const exchange = async (
  url: URL,
  request: HttpRequest,
  reach: Reach,
  signal: AbortSignal,
  steps: Steps,
): Promise<HttpAnswer> => {
  const once = (agent: Agent | false) => exchangeBy(agent, url, request, reach, signal, steps)
  // A kept connection would pass by the check of the address.
  if (reach.guard) return once(false)
  try {
    return await once(kept[url.protocol as keyof typeof kept])
  } catch (error) {
    if (!(error instanceof ConnectionWasOld)) throw error
    return once(false)
  }
}
