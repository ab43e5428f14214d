import { isIP, type Socket } from 'node:net'
import { TLSSocket, connect as tlsConnect } from 'node:tls'
import { because } from '#core/cause/cause.ts'
import type { ProbeTools, Resolved } from '#core/probe.ts'
import type { ProbeError } from '#core/result/result.ts'
import { dial } from '#lib/net/dial.ts'
import type { HttpHead } from '#lib/net/http-head.ts'
import { type HttpMessage, requestBytes, type Talked, talkHttp } from '#lib/net/http-talk.ts'
import { wireName } from '#lib/net/wire-name.ts'
import { done, type Failed, failed, type Result } from '#lib/result.ts'
import { type CertificateFacts, certificateFacts, verificationError } from './certificate.ts'
import { readText } from './http-body.ts'
import type { ReadBody } from './http-expectations.ts'
import { breakError, faultError } from './http-fault.ts'
import { hungUp, networkError } from './network-error.ts'
import { secureContext } from './tls-context.ts'

export interface Exchange extends HttpMessage {
  readonly family: 0 | 4 | 6
  /** The interface by which a link-local host is reached. */
  readonly zone?: string
  readonly verify: boolean
  /** Bytes of the body that are read; 0 reads none. */
  readonly bodyLimit: number
  readonly signal: AbortSignal
  readonly tools: ProbeTools
}

/** Phases in ms; absent where the exchange did not come so far. */
interface Phases {
  resolve?: number
  connect?: number
  tls?: number
  first_byte?: number
  body?: number
}

export interface Answer {
  readonly head: HttpHead
  /** What could be read of the body, or why it is no text. */
  readonly body: ReadBody | ProbeError
  readonly address: string
  readonly certificate: CertificateFacts | undefined
}

/** What was found out of the host's name; undefined where nobody had to be asked. */
type Named = Resolved | undefined

/** The answer, or why there is none; with the certificate where that is what is wrong. */
export type Exchanged = Result<Answer, ProbeError> & {
  readonly phases: Phases
  readonly named: Named
  readonly certificate?: CertificateFacts | undefined
}

const NO_BODY: ReadBody = { text: '', cut: false }

/** What did not come in time. */
const unfinished = ({ connect, first_byte }: Phases) => {
  if (connect === undefined) return 'not_accepted_in_time'
  return first_byte === undefined ? 'not_answered_in_time' : 'not_completed_in_time'
}

const VERIFICATION = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS_CERT|HOSTNAME_MISMATCH)/

/** The error of a connection; `url` is named by host and port only, for the rest of it may be secret. */
const connectionError = (error: NodeJS.ErrnoException, url: URL): ProbeError => {
  if (VERIFICATION.test(error.code ?? '')) return verificationError(error.code!, url.hostname)
  if (hungUp(error)) return { code: 'reset', cause: because('tls_closed', { target: url.host }) }
  return networkError(error, url.host)
}

/** The name that a server is asked for: a `Host` header's, else the URL's; an address is no name. */
const serverName = (headers: Readonly<Record<string, string>>, host: string): string => {
  const header = Object.keys(headers).find((name) => name.toLowerCase() === 'host')
  const name = header === undefined ? host : headers[header]!.replace(/:\d+$/, '')
  return isIP(name.replace(/^\[|\]$/g, '')) === 0 ? wireName(name) : ''
}

/** What a socket said as it failed, or was given up. */
interface Lost {
  readonly lost: NodeJS.ErrnoException
  readonly certificate?: CertificateFacts | undefined
}
type Broken = Lost | Failed<ProbeError>

const errorOf = (broken: Broken, url: URL, { aborted }: AbortSignal, phases: Phases): ProbeError => {
  if ('problem' in broken) return broken.problem
  if (aborted) return { code: 'timeout', cause: because(unfinished(phases), { target: url.host }) }
  return connectionError(broken.lost, url)
}

type Secured = { readonly socket: TLSSocket } | Lost

/** Why a connection does not verify. Node could end it by itself, but would then not tell its certificate. */
const refusalOf = (socket: TLSSocket): NodeJS.ErrnoException | undefined => {
  const { authorizationError: refusal } = socket as { authorizationError?: Error | string | null }
  if (!refusal) return undefined
  return typeof refusal === 'string' ? Object.assign(new Error(refusal), { code: refusal }) : refusal
}

/** Over a socket that is connected, or to a place. */
const secure = (
  to: { readonly socket: Socket } | { readonly host: string; readonly port: number; readonly noDelay: boolean },
  servername: string,
  { verify, signal, tools }: Exchange,
  connected?: () => void,
): Promise<Secured> =>
  new Promise((resolve) => {
    const socket = tlsConnect({ ...to, secureContext: secureContext(), rejectUnauthorized: false, servername })
    if (connected) socket.once('connect', connected)
    const end = (secured: Secured) => {
      signal.removeEventListener('abort', abort)
      resolve(secured)
    }
    const fail = (error: NodeJS.ErrnoException) => {
      socket.destroy()
      end({ lost: error })
    }
    const abort = () => fail(new Error('aborted'))
    socket.once('secureConnect', () => {
      const refusal = verify ? refusalOf(socket) : undefined
      if (!refusal) return end({ socket })
      const certificate = certificateFacts(socket, tools.now())
      socket.destroy()
      end({ lost: refusal, certificate })
    })
    socket.on('error', fail)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })

const addressesOf = (host: string, { tools, family, signal }: Exchange) => {
  // Nobody is asked for an address; it may be one that must not be looked at, and is then not known.
  const known = isIP(host) === 0 ? undefined : tools.known(host, family)
  return known ?? tools.resolve(host, family, signal)
}

/** What is wrong with an answer as far as it came; undefined where it is whole. */
const endError = (talked: Talked, target: string): Broken | undefined => {
  if (talked.end === 'fault') return failed(faultError(talked.fault, target))
  if (talked.end === 'broken') return failed(breakError(talked.broken, target))
  return talked.end === 'error' ? { lost: talked.error } : undefined
}

const isList = (found: readonly string[] | Resolved | ProbeError): found is readonly string[] => Array.isArray(found)

type Lap = (phase: keyof Phases) => void

interface Connected {
  readonly socket: Socket
  readonly address: string
}

const connectTo = async (
  addresses: readonly string[],
  host: string,
  options: Exchange,
  lap: Lap,
): Promise<Connected | Lost> => {
  const { url, headers, signal, tools } = options
  const isSecure = url.protocol === 'https:'
  const port = Number(url.port || (isSecure ? 443 : 80))
  const name = isSecure ? serverName(headers, host) : ''
  const [address = ''] = addresses
  if (isSecure && addresses.length === 1) {
    // One socket instead of one over another, which costs a twentieth of the look.
    const secured = await secure({ host: address, port, noDelay: true }, name, options, () => lap('connect'))
    if ('lost' in secured) return secured
    lap('tls')
    return { ...secured, address }
  }
  const dialed = await dial(addresses, port, tools.timers, signal)
  if (!dialed.ok) return { lost: dialed.error }
  lap('connect')
  if (!isSecure) return dialed
  const secured = await secure({ socket: dialed.socket }, name, options)
  if ('lost' in secured) return secured
  lap('tls')
  return { ...secured, address: dialed.address }
}

/** Asks, and reads as much of the body as is wanted. */
const ask = async (socket: Socket, options: Exchange, lap: Lap): Promise<Pick<Answer, 'head' | 'body'> | Broken> => {
  const { url, method, bodyLimit, signal } = options
  const parts: Buffer[] = []
  let size = 0
  let answered = false
  const talked = await talkHttp(socket, {
    request: requestBytes(options),
    method,
    signal,
    onHead: () => {
      answered = true
      lap('first_byte')
      return bodyLimit === 0 ? 'stop' : undefined
    },
    onData: (data) => {
      parts.push(data)
      size += data.length
      return size > bodyLimit ? 'stop' : undefined
    },
  })
  if (bodyLimit > 0 && answered) lap('body')
  // Where no body is read, an answer is there with its head.
  const broken = bodyLimit > 0 || !answered ? endError(talked, url.host) : undefined
  if (broken) return broken
  const head = talked.head!
  if (bodyLimit === 0) return { head, body: NO_BODY }
  const raw = { bytes: Buffer.concat(parts).subarray(0, bodyLimit), cut: size > bodyLimit }
  return { head, body: await readText(head.headers, raw, bodyLimit, url.host) }
}

/** One request and its answer, redirects not followed, on a connection of its own. */
export const exchange = async (options: Exchange): Promise<Exchanged> => {
  const { url, signal, tools } = options
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const phases: Phases = {}
  let mark = performance.now()
  const lap = (phase: keyof Phases) => {
    const now = performance.now()
    phases[phase] = now - mark
    mark = now
  }
  let named: Named
  const fail = (broken: Broken): Exchanged => {
    const certificate = 'lost' in broken ? broken.certificate : undefined
    return { ...failed(errorOf(broken, url, signal, phases)), phases, named, ...(certificate && { certificate }) }
  }

  const { zone } = options
  const found = await addressesOf(zone === undefined ? host : `${host}%${zone}`, options)
  if ('code' in found) return fail(failed(found))
  if (!isList(found)) {
    named = found
    lap('resolve')
  }
  const connected = await connectTo(isList(found) ? found : found.addresses, host, options, lap)
  if ('lost' in connected) return fail(connected)
  const { socket, address } = connected
  const certificate = socket instanceof TLSSocket ? certificateFacts(socket, tools.now()) : undefined
  const asked = await ask(socket, options, lap)
  if (!('head' in asked)) return fail(asked)
  return { ...done({ ...asked, address, certificate }), phases, named }
}
