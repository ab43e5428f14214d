import type { Socket } from 'node:net'
import type { HttpFault, HttpHead } from './http-head.ts'
import { createHttpReader, type HttpBreak } from './http-reader.ts'

/** Bytes that the headers of an answer may have; browsers take about as many. */
const HEAD_LIMIT = 256 * 1024

export interface HttpMessage {
  readonly url: URL
  readonly method: string
  /** By name as written; a later one of the same name in other case takes the place of an earlier. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
  /** How letters of headers beyond ASCII go, as far as they can: by default as their writer typed them, in UTF-8. */
  readonly letters?: 'latin1'
}

/** Methods that mean a body, so that an absent one has a length too (RFC 9110, 8.6). */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])

/** A request as bytes, with `Host` and the length of the body where the headers do not say otherwise. */
export const requestBytes = ({ url, method, headers, body, letters }: HttpMessage): Buffer => {
  const lines = new Map<string, string>([['host', `Host: ${url.host}`]])
  for (const name in headers) lines.set(name.toLowerCase(), `${name}: ${headers[name]}`)
  const chunked = /chunked/i.test(lines.get('transfer-encoding') ?? '')
  const content = Buffer.from(body ?? '')
  if (!chunked && !lines.has('content-length') && (body !== undefined || WITH_BODY.has(method)))
    lines.set('content-length', `Content-Length: ${content.length}`)
  let head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\n`
  for (const line of lines.values()) head += `${line}\r\n`
  const first = Buffer.from(`${head}\r\n`, letters === 'latin1' && !/[^\0-\xff]/.test(head) ? 'latin1' : 'utf8')
  if (!chunked) return content.length === 0 ? first : Buffer.concat([first, content])
  const size = Buffer.from(`${content.length.toString(16)}\r\n`)
  const last = Buffer.from('0\r\n\r\n')
  return Buffer.concat(content.length === 0 ? [first, last] : [first, size, content, Buffer.from('\r\n'), last])
}

/** How the reading of an answer ended; after `stopped` the reader wanted no more. */
type HttpEnd =
  | { readonly end: 'whole' | 'stopped' }
  | { readonly end: 'fault'; readonly fault: HttpFault }
  | { readonly end: 'broken'; readonly broken: HttpBreak }
  | { readonly end: 'error'; readonly error: NodeJS.ErrnoException }

export type Talked = HttpEnd & {
  readonly head: HttpHead | undefined
  /** Known as soon as the first line of an answer is, whatever is wrong with those that follow. */
  readonly status: number | undefined
  /** The connection is open, and nobody's: it may carry another request. */
  readonly kept: boolean
}

export interface HttpTalk {
  readonly request: Buffer
  readonly method: string
  readonly signal: AbortSignal
  /** Hears the head; `stop` wants no body. */
  readonly onHead: (head: HttpHead) => 'stop' | undefined
  readonly onData: (data: Buffer) => 'stop' | undefined
  /** Leaves the connection open where it may carry another request. */
  readonly keep?: boolean
}

/** Sends a request over an open connection and reads the answer. The connection is closed at its end, unless it is kept. */
export const talkHttp = (
  socket: Socket,
  { request, method, signal, onHead, onData, keep = false }: HttpTalk,
): Promise<Talked> =>
  new Promise((resolve) => {
    let stopped = false
    let over = false
    const reader = createHttpReader({
      bodiless: method === 'HEAD',
      headLimit: HEAD_LIMIT,
      onHead: (head) => {
        if (onHead(head) === 'stop') stopped = true
      },
      onData: (data) => {
        if (!stopped && onData(data) === 'stop') stopped = true
      },
    })
    const finish = (ended: HttpEnd) => {
      if (over) return
      over = true
      signal.removeEventListener('abort', abort)
      const kept = keep && ended.end === 'whole' && reader.leavesClean && socket.writable
      if (kept) socket.off('data', hear).off('end', close).off('error', fail).off('close', close)
      else socket.destroy()
      resolve({ ...ended, head: reader.head, status: reader.status, kept })
    }
    const abort = () => finish({ end: 'error', error: new Error('aborted') })
    const close = () => {
      const broken = reader.end()
      finish(broken ? { end: 'broken', broken } : { end: 'whole' })
    }
    const fail = (error: NodeJS.ErrnoException) => finish({ end: 'error', error })
    const hear = (bytes: Buffer) => {
      if (over) return
      const progress = reader.push(bytes)
      if (typeof progress === 'object') finish({ end: 'fault', fault: progress })
      else if (progress === 'whole') finish({ end: 'whole' })
      else if (stopped) finish({ end: 'stopped' })
    }
    socket.on('data', hear).on('end', close).on('error', fail).on('close', close)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    socket.write(request)
  })
