import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls, TLSSocket } from 'node:tls'
import { createBrotliDecompress, createGunzip, createInflateRaw } from 'node:zlib'
import type { ProbeTools } from '#core/probe.ts'
import { dial } from '#lib/net/dial.ts'
import type { HttpHead } from '#lib/net/http-head.ts'
import { requestBytes, type Talked, talkHttp } from '#lib/net/http-talk.ts'
import { talkHttp2 } from './http2-talk.ts'
import type { TlsSettings } from './module.ts'
import { textOf } from './regex.ts'
import { type Handshake, handshakeOf, tlsOptions } from './tls.ts'

export interface HttpCall {
  readonly url: URL
  /** Where to connect, to the first that answers; the name stays in the request. */
  readonly addresses: readonly string[]
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly tls: TlsSettings
  readonly hostname: string | undefined
  /** Whether HTTP/2 is offered to who speaks TLS. */
  readonly http2: boolean
  readonly compression: string | undefined
  readonly bodyLimit: number
  /** Whether the body's text is needed, or only its length. */
  readonly wantText: boolean
  readonly timers: ProbeTools['timers']
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
  readonly head: HttpHead
  /** Undefined where it is not to be had. */
  readonly text: string | undefined
  /** Bytes of the body after decompression. */
  readonly bodyBytes: number
  readonly tooLarge: boolean
  /** Why the body did not come whole. */
  readonly broken: string | undefined
  /** True where it is not packed as the module says, which the original finds out before it looks at it. */
  readonly notPacked: boolean
  readonly tls: Handshake | undefined
}

export type HttpCalled = { readonly times: PhaseTimes } & ({ readonly answer: HttpAnswer } | { readonly err: string })

/** As the original unpacks, which takes `deflate` without the head of zlib. */
const DECODERS: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  br: createBrotliDecompress,
  deflate: createInflateRaw,
}

/** A connection whose handshakes are done, or why there is none. */
const open = async (call: HttpCall, lap: (phase: keyof PhaseTimes) => void): Promise<Socket | string> => {
  const { url, addresses, timers, signal } = call
  const secure = url.protocol === 'https:'
  const dialed = await dial(addresses, Number(url.port || (secure ? 443 : 80)), timers, signal)
  if (!dialed.ok) return signal.aborted ? 'timeout' : dialed.error.message
  lap('connect')
  if (!secure) return dialed.socket
  const secured = await shakeHands(dialed.socket, call)
  if (typeof secured !== 'string') lap('tls')
  return secured
}

/** Below HTTP, what both sides may speak; without HTTP/2 nothing is offered. */
const PROTOCOLS = ['h2', 'http/1.1']

const shakeHands = (below: Socket, { url, tls, hostname, http2, signal }: HttpCall): Promise<Socket | string> =>
  new Promise((resolve) => {
    const name = url.hostname.replace(/^\[|\]$/g, '')
    const offered = http2 ? { ALPNProtocols: PROTOCOLS } : {}
    const socket = connectTls({ socket: below, ...tlsOptions(tls, name, hostname), ...offered })
    const end = (outcome: Socket | string) => {
      signal.removeEventListener('abort', late)
      if (typeof outcome === 'string') socket.destroy()
      resolve(outcome)
    }
    const late = () => end('timeout')
    socket.on('error', ({ message }) => end(message))
    socket.once('secureConnect', () => end(socket))
    if (signal.aborted) late()
    else signal.addEventListener('abort', late, { once: true })
  })

/** Takes a body as it comes, unpacked where the module says that it is packed, up to a limit. */
const createBodySink = ({ compression, bodyLimit, wantText }: HttpCall) => {
  const parts: Buffer[] = []
  let bytes = 0
  let broken: string | undefined
  const hear = (part: Buffer) => {
    bytes += part.length
    if (wantText && bytes <= bodyLimit) parts.push(part)
  }
  const decoder = compression === undefined ? undefined : DECODERS[compression.toLowerCase()]?.()
  const unpacked = new Promise<void>((resolve) => {
    if (!decoder) return resolve()
    decoder.on('data', (part: Buffer) => {
      hear(part)
      if (bytes > bodyLimit) decoder.destroy()
    })
    decoder.on('error', ({ message }) => {
      broken ??= message
    })
    decoder.on('close', () => resolve())
  })
  return {
    take: (data: Buffer): 'stop' | undefined => {
      if (!decoder) hear(data)
      else if (!decoder.destroyed) decoder.write(data)
      return bytes > bodyLimit || decoder?.destroyed ? 'stop' : undefined
    },
    /** What came of it, once all of it is unpacked. */
    end: async () => {
      if (decoder && !decoder.destroyed) decoder.end()
      await unpacked
      const text = wantText ? textOf(Buffer.concat(parts)) : ''
      const notPacked = compression?.toLowerCase() === 'gzip' && broken !== undefined && bytes === 0
      return { text, bodyBytes: Math.min(bytes, bodyLimit), tooLarge: bytes > bodyLimit, broken, notPacked }
    },
  }
}

/** Why an answer did not come whole; undefined where it did. */
const lackOf = (talked: Talked, { aborted }: AbortSignal): string | undefined => {
  if (talked.end === 'error') return aborted ? 'timeout' : talked.error.message
  if (talked.end === 'fault') return `malformed answer: ${talked.fault.code.replaceAll('_', ' ')}`
  return talked.end === 'broken' ? 'unexpected EOF' : undefined
}

/** Sends one request on a connection of its own and reads its answer; redirects are not followed. */
export const callHttp = async (call: HttpCall): Promise<HttpCalled> => {
  const { method, headers, signal } = call
  const times: PhaseTimes = { connect: 0, tls: 0, processing: 0, transfer: 0 }
  let mark = performance.now()
  const lap = (phase: keyof PhaseTimes) => {
    const now = performance.now()
    times[phase] = (now - mark) / 1000
    mark = now
  }
  const socket = await open(call, lap)
  if (typeof socket === 'string') return { times, err: socket }
  const tls = socket instanceof TLSSocket ? handshakeOf(socket) : undefined
  const message = { ...call, headers: { 'user-agent': 'Vigia', ...headers, connection: 'close' } }
  const sink = createBodySink(call)
  let answered = false
  const onHead = () => {
    answered = true
    lap('processing')
    return undefined
  }
  const heard = { signal, onHead, onData: sink.take }
  const talked =
    socket instanceof TLSSocket && socket.alpnProtocol === 'h2'
      ? await talkHttp2(socket, message, heard)
      : await talkHttp(socket, { request: requestBytes(message), method, ...heard })
  const lack = lackOf(talked, signal)
  if (!answered) return { times, err: lack ?? 'no answer' }
  // Once an answer has begun, what goes wrong is told of its body.
  const body = await sink.end()
  lap('transfer')
  return { times, answer: { ...body, head: talked.head!, broken: lack ?? body.broken, tls } }
}
