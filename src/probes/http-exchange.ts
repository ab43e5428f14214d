import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction, connect as netConnect, type Socket } from 'node:net'
import { TLSSocket, connect as tlsConnect } from 'node:tls'
import { because } from '#core/cause/cause.ts'
import type { ProbeTools, Resolved } from '#core/probe.ts'
import type { ProbeError } from '#core/result/result.ts'
import { http } from '#lib/net/node-http.ts'
import { wireName } from '#lib/net/wire-name.ts'
import { decodePercent } from '#lib/text/percent.ts'
import { type CertificateFacts, certificateFacts, verificationError } from './certificate.ts'
import { networkError } from './network-error.ts'
import { secureContext } from './tls-context.ts'

export interface Exchange {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly family: 0 | 4 | 6
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
  readonly status: number
  readonly location: string | undefined
  readonly body: string
  readonly truncated: boolean
  readonly address: string | undefined
  readonly certificate: CertificateFacts | undefined
}

/** What was found out of the host's name; undefined where nobody had to be asked. */
type Named = Resolved | undefined

export type Exchanged = { readonly phases: Phases; readonly named: Named } & (
  | { readonly answer: Answer }
  | { readonly error: ProbeError }
)

/** Marks a refusal of the resolver, so that it keeps its own code through Node's error path. */
class ResolveFailure extends Error {
  readonly probeError: ProbeError
  constructor(probeError: ProbeError) {
    super(probeError.code)
    this.probeError = probeError
  }
}

const lookupBy =
  (tools: ProbeTools, family: 0 | 4 | 6, signal: AbortSignal, hear: (found: Named) => void): LookupFunction =>
  (host, { all }, callback) => {
    tools.resolve(host, family, signal).then((found) => {
      if (!('code' in found)) hear(found)
      if ('code' in found) return callback(new ResolveFailure(found) as NodeJS.ErrnoException, '', 4)
      const addresses = found.addresses.map((address) => ({ address, family: isIP(address) }))
      if (all) callback(null, addresses)
      else callback(null, addresses[0]!.address, addresses[0]!.family)
    })
  }

/** What did not come in time. */
const unfinished = ({ connect, first_byte }: Phases) => {
  if (connect === undefined) return 'not_accepted_in_time'
  return first_byte === undefined ? 'not_answered_in_time' : 'not_completed_in_time'
}

/** The error of an exchange; `url` is named by host and port only, for the rest of it may be secret. */
const errorOf = (error: NodeJS.ErrnoException, url: URL, timedOut: boolean, phases: Phases): ProbeError => {
  if (error instanceof ResolveFailure) return error.probeError
  if (timedOut) return { code: 'timeout', cause: because(unfinished(phases), { target: url.host }) }
  const verification = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS_CERT|HOSTNAME_MISMATCH)/.test(error.code ?? '')
  return verification ? verificationError(error.code!, url.hostname) : networkError(error, url.host)
}

/** One request and its answer, redirects not followed, on a connection of its own. */
export const exchange = async (options: Exchange): Promise<Exchanged> => {
  const { url, family, signal, tools } = options
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // Node asks no resolver for an address, and it may be one that must not be looked at.
  if (isIP(host) !== 0 && !tools.known(host, family)) {
    const refused = await tools.resolve(host, family, signal)
    if ('code' in refused) return { error: refused, phases: {}, named: undefined }
  }
  return request(options, host)
}

/** The name that a server is asked for: a `Host` header's, else the URL's; an address is no name. */
const serverName = (headers: Readonly<Record<string, string>>, host: string): string => {
  const header = Object.keys(headers).find((name) => name.toLowerCase() === 'host')
  const name = header === undefined ? host : headers[header]!.replace(/:\d+$/, '')
  return isIP(name.replace(/^\[|\]$/g, '')) === 0 ? wireName(name) : ''
}

const credentialsOf = ({ username, password }: URL): string | undefined =>
  username === '' && password === '' ? undefined : `${decodePercent(username)}:${decodePercent(password)}`

const request = (options: Exchange, host: string): Promise<Exchanged> =>
  new Promise((resolve) => {
    const { url, method, headers, body, family, verify, bodyLimit, signal, tools } = options
    const secure = url.protocol === 'https:'
    const defaultPort = secure ? 443 : 80
    const phases: Phases = {}
    let mark = performance.now()
    const lap = (phase: keyof Phases) => {
      const now = performance.now()
      phases[phase] = now - mark
      mark = now
    }
    let certificate: CertificateFacts | undefined
    let address: string | undefined
    let named: Named
    let done = false
    const finish = (result: { answer: Answer } | { error: ProbeError }) => {
      if (done) return
      done = true
      signal.removeEventListener('abort', abort)
      resolve({ ...result, phases, named })
      sent.destroy()
    }
    const fail = (error: NodeJS.ErrnoException) => finish({ error: errorOf(error, url, signal.aborted, phases) })
    /** While the name is asked for, the resolver's own word says what was not there in time: it comes at once. */
    const abort = () => {
      if (isIP(host) !== 0 || phases.resolve !== undefined) return fail(new Error('aborted'))
      tools
        .resolve(host, family, signal)
        .then((found) => fail('code' in found ? new ResolveFailure(found) : new Error('aborted')))
    }

    const open = (): Socket => {
      const lookup = lookupBy(tools, family, signal, (found) => {
        named = found
      })
      const to = { host, port: Number(url.port || defaultPort), lookup, noDelay: true }
      const secureTo = { ...to, secureContext, rejectUnauthorized: verify, servername: serverName(headers, host) }
      const socket = secure ? tlsConnect(secureTo) : netConnect(to)
      // The request hears of it as well, from when it has taken the socket over until it lets go of it.
      socket.on('error', () => {})
      socket.once('lookup', () => lap('resolve'))
      socket.once('connect', () => {
        address = socket.remoteAddress
        lap('connect')
      })
      if (socket instanceof TLSSocket)
        socket.once('secureConnect', () => {
          lap('tls')
          certificate = certificateFacts(socket, Date.now())
        })
      return socket
    }
    const credentials = credentialsOf(url)
    const sent = (secure ? httpsRequest : http.request)({
      host,
      port: url.port,
      defaultPort,
      path: url.pathname + url.search,
      method,
      headers: { 'user-agent': 'Vigia', accept: '*/*', ...headers, connection: 'close' },
      ...(credentials !== undefined && { auth: credentials }),
      // Without an agent: there is nothing to pool, and its books cost as much as the request.
      createConnection: open,
    })
    sent.on('error', fail)
    sent.on('response', (response) => {
      lap('first_byte')
      readBody(response, bodyLimit).then(({ text, truncated }) => {
        if (bodyLimit > 0) lap('body')
        const { statusCode = 0, headers: received } = response
        finish({
          answer: { status: statusCode, location: received.location, body: text, truncated, address, certificate },
        })
      }, fail)
    })
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    sent.end(body)
  })

const readBody = async (response: IncomingMessage, limit: number): Promise<{ text: string; truncated: boolean }> => {
  if (limit === 0) return { text: '', truncated: false }
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part)
    size += part.length
    if (size > limit) return { text: Buffer.concat(parts).subarray(0, limit).toString('utf8'), truncated: true }
  }
  return { text: Buffer.concat(parts).toString('utf8'), truncated: false }
}
