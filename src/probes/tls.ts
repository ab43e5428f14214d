import { isIP, type Socket } from 'node:net'
import { type TLSSocket, connect as tlsConnect } from 'node:tls'
import { because } from '#core/cause/cause.ts'
import { defineProbe, type ProbeTools } from '#core/probe.ts'
import type { ProbeError } from '#core/result/result.ts'
import { dial } from '#lib/net/dial.ts'
import { wireName } from '#lib/net/wire-name.ts'
import { Type } from '#lib/schema.ts'
import { certificateFacts, certificateMetrics, endsSoon, verificationError } from './certificate.ts'
import { addressFacts, resolveHost } from './connect.ts'
import { bare, familyField, familyOf, hostField, hostOf, hostProblem, place, portField } from './fields.ts'
import { hungUp, networkError } from './network-error.ts'
import { secureContext } from './tls-context.ts'
import { createTracer } from './tracer.ts'

const DEFAULT_DAYS = 14

interface Handshake {
  readonly socket?: TLSSocket
  readonly error?: ProbeError
  readonly ms: number
}

const handshake = async (
  addresses: readonly string[],
  port: number,
  name: string,
  timers: ProbeTools['timers'],
  signal: AbortSignal,
): Promise<Handshake> => {
  const started = performance.now()
  const dialed = await dial(addresses, port, timers, signal)
  const target = place(dialed.address, port)
  const since = () => performance.now() - started
  if (!dialed.ok)
    return { error: signal.aborted ? unfinished(target) : networkError(dialed.error, target), ms: since() }
  return { ...(await shakeHands(dialed.socket, target, name, signal)), ms: since() }
}

const unfinished = (target: string): ProbeError => ({ code: 'timeout', cause: because('tls_unfinished', { target }) })

const shakeHands = (plain: Socket, target: string, name: string, signal: AbortSignal): Promise<Omit<Handshake, 'ms'>> =>
  new Promise((resolve) => {
    const socket = tlsConnect({
      socket: plain,
      secureContext: secureContext(),
      ...(isIP(name) === 0 && { servername: wireName(name) }),
      // The verdict is ours: a certificate that does not verify is looked at and named, not just refused.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    })
    const end = (result: Omit<Handshake, 'ms'>) => {
      signal.removeEventListener('abort', abort)
      resolve(result)
    }
    const abort = () => {
      socket.destroy()
      end({ error: unfinished(target) })
    }
    const closed = (): ProbeError => ({ code: 'reset', cause: because('tls_closed', { target }) })
    socket.once('secureConnect', () => end({ socket }))
    socket.on('error', (error) => end({ error: hungUp(error) ? closed() : networkError(error, target) }))
    socket.once('close', () => end({ error: closed() }))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })

export const tls = defineProbe({
  name: 'tls',
  title: 'TLS certificate',
  'x-es': { title: 'Certificado TLS' },
  defaultTimeoutMs: 5000,
  options: Type.Object(
    {
      host: hostField('Name or address to connect to', 'Nombre o dirección a la que conectar'),
      port: Type.Optional(portField({ default: 443 })),
      days: Type.Optional(
        Type.Integer({
          title: 'Days',
          description: 'Fewer days than this until the first certificate of the chain ends is a failure',
          'x-es': {
            title: 'Días',
            description: 'Es una falla si al primer certificado de la cadena en vencer le quedan menos días que estos',
          },
          minimum: 0,
          maximum: 3650,
          default: DEFAULT_DAYS,
        }),
      ),
      name: Type.Optional(
        Type.String({
          title: 'Name',
          description: 'Name that the certificate must be for, where it is not the host',
          'x-es': { title: 'Nombre', description: 'Nombre para el que debe ser el certificado, si no es el equipo' },
          minLength: 1,
          maxLength: 253,
        }),
      ),
      family: Type.Optional(familyField),
    },
    { additionalProperties: false },
  ),
  check: hostProblem,
  describe: ({ host, port = 443 }) => place(host, port),
  fromTarget: (url) =>
    url.protocol === 'tls:' && url.hostname !== '' && bare(url)
      ? { host: hostOf(url), ...(url.port !== '' && { port: Number(url.port) }) }
      : undefined,
  hosts: ({ host }) => [host],
  run: async ({ host, port = 443, days = DEFAULT_DAYS, name = host, family }, context) => {
    const tracer = createTracer(context.trace)
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(context.timeoutMs)])
    const resolved = await resolveHost(host, familyOf(family), { ...context, signal }, tracer)
    if (!resolved.ok) return { ok: false, error: resolved.problem, ...tracer.steps() }
    const found = resolved.value
    const { socket, error, ms } = await handshake(found.addresses, port, name, context.tools.timers, signal)
    if (!socket) {
      tracer.step('tls', ms, { error: error!.cause })
      return { ok: false, error: error!, ...tracer.steps() }
    }
    try {
      const certificate = certificateFacts(socket, context.tools.now())
      const { authorizationError } = socket as { authorizationError?: Error | string | null }
      const facts = {
        ...certificate,
        ...addressFacts(found),
        protocol: socket.getProtocol() ?? '',
        cipher: socket.getCipher().name,
      }
      tracer.step('tls', ms, { protocol: facts.protocol, cipher: facts.cipher })
      const problem = verdict(certificate, authorizationError ?? null, socket, name, days)
      tracer.step('certificate', 0, { ...certificate, ...(problem && { error: problem.cause }) })
      const metrics = certificateMetrics(certificate)
      return { ok: !problem, latencyMs: ms, ...(problem && { error: problem }), ...metrics, facts, ...tracer.steps() }
    } finally {
      socket.destroy()
    }
  },
  // Its phases are timed on this thread: more at once would time one another.
  together: 8,
})

const verdict = (
  certificate: ReturnType<typeof certificateFacts>,
  authorizationError: Error | string | null,
  socket: TLSSocket,
  name: string,
  days: number,
): ProbeError | undefined => {
  const leaf = socket.getPeerX509Certificate()
  if (!leaf) return { code: 'tls_invalid', cause: because('no_certificate', { name }) }
  if (certificate && certificate.days < 0)
    return {
      code: 'tls_expired',
      cause: because('certificate_ended', { name, date: certificate.valid_to.slice(0, 10) }),
    }
  if (authorizationError) {
    const code =
      typeof authorizationError === 'string'
        ? authorizationError
        : ((authorizationError as NodeJS.ErrnoException).code ?? authorizationError.message)
    return verificationError(code, name)
  }
  const matches = isIP(name) === 0 ? leaf.checkHost(wireName(name)) : leaf.checkIP(name)
  if (matches === undefined) return verificationError('HOSTNAME_MISMATCH', name)
  return certificate && certificate.days < days ? endsSoon(name, certificate) : undefined
}
