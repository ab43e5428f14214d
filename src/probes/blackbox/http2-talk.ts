import type { ClientHttp2Session, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { HttpHead } from '#lib/net/http-head.ts'
import type { HttpMessage, HttpTalk, Talked } from '#lib/net/http-talk.ts'

/** What belongs to a connection, which in HTTP/2 says it itself (RFC 9113, 8.2.2). */
const OF_CONNECTION = new Set(['connection', 'host', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'])

const headersOf = ({ url, method, headers }: HttpMessage): OutgoingHttpHeaders => {
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return {
    ...Object.fromEntries(given.filter(([name]) => !OF_CONNECTION.has(name))),
    ':method': method,
    ':scheme': 'https',
    ':authority': given.find(([name]) => name === 'host')?.[1] ?? url.host,
    ':path': url.pathname + url.search,
  }
}

const headOf = (headers: IncomingHttpHeaders & { readonly ':status'?: number | undefined }): HttpHead => ({
  status: headers[':status'] ?? 0,
  version: '2.0',
  headers: new Map(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(':') || value === undefined ? [] : [[name, [value].flat()]],
    ),
  ),
  oddities: new Set(),
})

/** Asks over a connection that has agreed on HTTP/2, as `talkHttp` does over others, and closes it. */
export const talkHttp2 = (
  socket: TLSSocket,
  message: HttpMessage,
  { signal, onHead, onData }: Pick<HttpTalk, 'signal' | 'onHead' | 'onData'>,
): Promise<Talked> =>
  new Promise((resolve) => {
    // Loaded by those alone who meet such a server.
    const http2 = process.getBuiltinModule('node:http2')
    const session: ClientHttp2Session = http2.connect(message.url.origin, { createConnection: () => socket })
    let head: HttpHead | undefined
    let over = false
    const finish = (ended: Omit<Talked, 'head'>) => {
      if (over) return
      over = true
      signal.removeEventListener('abort', abort)
      session.destroy()
      resolve({ ...ended, head } as Talked)
    }
    const fail = (error: Error) => finish({ end: 'error', error } as Talked)
    const abort = () => fail(new Error('aborted'))
    session.on('error', fail).on('close', () => fail(new Error('connection closed')))
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    const stream = session.request(headersOf(message), { endStream: message.body === undefined })
    stream.on('error', fail).on('response', (headers) => {
      head = headOf(headers)
      if (onHead(head) === 'stop') finish({ end: 'stopped' } as Talked)
    })
    stream.on('data', (data: Buffer) => {
      if (onData(data) === 'stop') finish({ end: 'stopped' } as Talked)
    })
    stream.on('end', () => {
      if (head) finish({ end: 'whole' } as Talked)
    })
    if (message.body !== undefined) stream.end(message.body)
  })
