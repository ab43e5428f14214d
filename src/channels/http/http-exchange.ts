import type { Socket } from 'node:net'
import { decodeContent, encodingsOf } from '#lib/net/content-encoding.ts'
import type { HttpHead } from '#lib/net/http-head.ts'
import { requestBytes, type Talked, talkHttp } from '#lib/net/http-talk.ts'
import { http } from '#lib/net/node-http.ts'
import { decodeText } from '#lib/text/charset.ts'
import type { Steps } from '../text/outcome.ts'
import { connectTo, type Reach } from './connection.ts'
import { createKeptConnections } from './kept-connections.ts'

export interface HttpRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
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
  /** By name in lower case, the first of each. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** As far as it is read. */
  readonly body: string
}

const LONGEST_ANSWER = 65_536
/** Who has said the status has the message; a body that never ends must not make it be sent again. */
const BODY_PATIENCE_MS = 3000

const kept = createKeptConnections()

/** The other side closed a kept connection before it saw the request. */
class ConnectionWasOld extends Error {}

const loginOf = ({ username, password }: URL): Readonly<Record<string, string>> => {
  if (username === '' && password === '') return {}
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { authorization: `Basic ${Buffer.from(login).toString('base64')}` }
}

/** The request as bytes. Throws what Node throws of headers that HTTP does not allow, and of a login that is not encoded. */
const bytesOf = (url: URL, { method, headers, body }: HttpRequest, keep: boolean): Buffer => {
  for (const name in headers) {
    http.validateHeaderName(name)
    http.validateHeaderValue(name, headers[name]!)
  }
  const connection = keep ? 'keep-alive' : 'close'
  const all = { 'user-agent': 'Vigia', ...loginOf(url), ...headers, connection }
  return requestBytes({ url, method, headers: all, body, letters: 'latin1' })
}

const headersOf = (head: HttpHead | undefined): HttpAnswer['headers'] =>
  Object.fromEntries(Array.from(head?.headers ?? [], ([name, values]) => [name, values[0]]))

/** A body as text, without its encodings; empty where it cannot be read. */
const textOf = async (head: HttpHead, bytes: Buffer, cut: boolean, longest: number): Promise<string> => {
  if (bytes.length === 0) return ''
  const encodings = encodingsOf(head.headers.get('content-encoding'))
  const decoded = encodings.length === 0 ? { bytes, more: cut } : await decodeContent(encodings, bytes, cut, longest)
  if (typeof decoded === 'string') return ''
  return decodeText(decoded.bytes, head.headers.get('content-type')?.[0] ?? '', decoded.more)
}

/** What ended a talk in which no status was said. */
const errorOf = (talked: Talked): NodeJS.ErrnoException => {
  if (talked.end === 'error') return talked.error
  const code = talked.end === 'fault' ? `HPE_${talked.fault.code}` : 'ECONNRESET'
  return Object.assign(new Error('no answer'), { code })
}

const isOld = (talked: Talked): boolean =>
  talked.end === 'error'
    ? ['ECONNRESET', 'EPIPE'].includes(talked.error.code ?? '')
    : talked.end === 'broken' && talked.broken.within === 'nothing'

/**
 * Asks over a connection. Whoever has said a status that can be read has the message, whatever is wrong with the rest of
 * his answer: he would get it twice if it counted as lost.
 */
const ask = async (
  socket: Socket,
  url: URL,
  request: HttpRequest & { readonly bytes: Buffer },
  { reach: { timers, guard }, reused }: { readonly reach: Reach; readonly reused: boolean },
  signal: AbortSignal,
  steps: Steps,
): Promise<HttpAnswer> => {
  const { longestAnswer = LONGEST_ANSWER, bodyPatienceMs = BODY_PATIENCE_MS } = request
  const ending = new AbortController()
  const stop = () => ending.abort()
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  let patience: ReturnType<typeof timers.after> | undefined
  const parts: Buffer[] = []
  let length = 0
  // A kept connection would pass by the check of the address.
  const keep = guard === undefined
  const talked = await talkHttp(socket, {
    request: request.bytes,
    method: request.method,
    signal: ending.signal,
    keep,
    onHead: () => {
      patience = timers.after(bodyPatienceMs, stop)
      return undefined
    },
    onData: (part) => {
      parts.push(part)
      length += part.length
      return length >= longestAnswer ? 'stop' : undefined
    },
  })
  timers.clear(patience)
  signal.removeEventListener('abort', stop)
  const { status, head } = talked
  if (talked.kept) kept.give(url.origin, socket)
  if (status === undefined) throw reused && isOld(talked) ? new ConnectionWasOld() : errorOf(talked)
  const cut = talked.end !== 'whole'
  const body = head ? await textOf(head, Buffer.concat(parts).subarray(0, longestAnswer), cut, longestAnswer) : ''
  steps.mark('answer', String(status))
  return { status, headers: headersOf(head), body }
}

/**
 * One request and its answer, over a kept connection, or one of its own where the target is guarded. Rejects with the
 * system's error.
 */
export const exchange = async (
  url: URL,
  request: HttpRequest,
  reach: Reach,
  signal: AbortSignal,
  steps: Steps,
): Promise<HttpAnswer> => {
  const whole = { ...request, bytes: bytesOf(url, request, reach.guard === undefined) }
  const old = reach.guard === undefined ? kept.take(url.origin) : undefined
  if (old) {
    try {
      return await ask(old, url, whole, { reach, reused: true }, signal, steps)
    } catch (error) {
      if (!(error instanceof ConnectionWasOld)) throw error
    }
  }
  const socket = await connectTo(url, reach, signal, steps)
  return ask(socket, url, whole, { reach, reused: false }, signal, steps)
}
