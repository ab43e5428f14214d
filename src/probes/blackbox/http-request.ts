import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Readable } from 'node:stream'
import { connect as connectTls, TLSSocket } from 'node:tls'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { http } from '#lib/net/node-http.ts'
import type { TlsSettings } from './module.ts'
import { tlsOptions } from './tls.ts'

export interface HttpCall {
  readonly url: URL
  /** Where to connect; the name stays in the request. */
  readonly address: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly tls: TlsSettings
  readonly hostname: string | undefined
  readonly compression: string | undefined
  readonly bodyLimit: number
  /** Whether the body's text is needed, or only its length. */
  readonly wantText: boolean
  readonly signal: AbortSignal
}

/** Seconds by phase; what did not happen is 0. */
export interface PhaseTimes {
  connect: number
  tls: number
  processing: number
  transfer: number
}

export interface HttpAnswer {
  readonly response: IncomingMessage
  readonly text: string
  /** Bytes of the body after decompression. */
  readonly bodyBytes: number
  readonly tooLarge: boolean
  /** Why the body did not come whole. */
  readonly broken: string | undefined
  readonly tls: TLSSocket | undefined
}

export type HttpCalled = { readonly times: PhaseTimes } & ({ readonly answer: HttpAnswer } | { readonly err: string })

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
}

/** The body as it is meant, where the module asked for a compression and the server used it. */
const decoded = (response: IncomingMessage, compression: string | undefined): Readable => {
  const encoding = response.headers['content-encoding']
  const decoder = compression !== undefined && encoding === compression ? DECODERS[encoding] : undefined
  if (!decoder) return response
  const stream = decoder()
  response.on('error', (error) => (stream as unknown as Readable).destroy(error))
  return response.pipe(stream) as unknown as Readable
}

/** Sends one request on a connection of its own and reads its answer; redirects are not followed. */
export const callHttp = (call: HttpCall): Promise<HttpCalled> =>
  new Promise((resolve) => {
    const { url, address, method, headers, body, tls, hostname, compression, bodyLimit, wantText, signal } = call
    const secure = url.protocol === 'https:'
    const times: PhaseTimes = { connect: 0, tls: 0, processing: 0, transfer: 0 }
    let mark = performance.now()
    const lap = (phase: keyof PhaseTimes) => {
      const now = performance.now()
      times[phase] = (now - mark) / 1000
      mark = now
    }
    const finish = (outcome: { answer: HttpAnswer } | { err: string }) => {
      signal.removeEventListener('abort', late)
      resolve({ times, ...outcome })
      request.destroy()
    }
    /** Once an answer has begun, what goes wrong is told of its body. */
    let give = (err: string) => finish({ err })
    const fail = (error: Error) => give(error.message)
    const late = () => give('timeout')
    const name = url.hostname.replace(/^\[|\]$/g, '')
    const port = Number(url.port || (secure ? 443 : 80))
    // Given its connection, the request needs no agent, which would be made and thrown away for it.
    const createConnection = () => {
      const place = { host: address, port }
      const socket = secure ? connectTls({ ...place, ...tlsOptions(tls, name, hostname) }) : connect(place)
      // The request hears of it as well, from when it has taken the socket over until it lets go of it.
      socket.on('error', () => {})
      socket.once('connect', () => lap('connect'))
      if (secure) socket.once('secureConnect', () => lap('tls'))
      return socket
    }
    const request = http.request({
      host: address,
      port,
      path: `${url.pathname}${url.search}`,
      method,
      headers: {
        host: url.host,
        'user-agent': 'Vigia',
        ...(compression !== undefined && { 'accept-encoding': compression }),
        ...headers,
        connection: 'close',
      },
      createConnection,
    })
    if (signal.aborted) late()
    else signal.addEventListener('abort', late, { once: true })
    request.on('error', fail)
    request.on('response', (response) => {
      lap('processing')
      const connection = response.socket instanceof TLSSocket ? response.socket : undefined
      const parts: Buffer[] = []
      let bodyBytes = 0
      const end = (tooLarge: boolean, broken?: string) => {
        lap('transfer')
        const text = wantText ? Buffer.concat(parts).toString('latin1') : ''
        finish({
          answer: { response, text, bodyBytes: Math.min(bodyBytes, bodyLimit), tooLarge, broken, tls: connection },
        })
      }
      give = (err) => end(false, err)
      const stream = decoded(response, compression)
      stream.on('error', fail)
      stream.on('end', () => end(false))
      stream.on('data', (part: Buffer) => {
        bodyBytes += part.length
        if (bodyBytes > bodyLimit) end(true)
        else if (wantText) parts.push(part)
      })
    })
    request.end(body)
  })
