import fastify from 'fastify'
import type { LatestLookup } from '#core/latest-results.ts'
import type { Language } from '#core/message.ts'
import type { Signal } from '#core/probe.ts'
import type { Clock } from '#lib/clock.ts'
import type { Storage } from '#storage/index.ts'
import { type HomeMonitor, homePage } from './home-page.ts'
import { addPushRoutes } from './push.ts'

/** How the server itself does. */
export interface ServerStatus {
  /** What is wrong with probing or delivery; undefined when nothing is. */
  readonly trouble: string | undefined
  /** Figures of the probe engine; undefined before it has told any. */
  readonly engine: object | undefined
}

/** A configured monitor as the page shows it. */
export interface ShownMonitor {
  readonly monitor: {
    readonly id: number
    readonly name: string
    readonly type: string
    readonly paused: boolean
  }
  readonly target: string
}

export interface ApiOptions {
  readonly host: string
  readonly port: number
  readonly storage: Storage
  readonly registry: { monitors(): readonly ShownMonitor[] }
  /** The last result of each monitor by id. */
  readonly latest: LatestLookup
  readonly status: () => Promise<ServerStatus>
  readonly clock: Clock
  readonly timeZone: string
  /** A passive monitor was called. */
  readonly signal: (monitorId: number, signal: Signal) => Promise<void>
}

export interface ApiServer {
  readonly address: string
  close(): Promise<void>
}

/** The address cannot be used; the message says why and what to do. */
export class ListenError extends Error {}

const BODY_LIMIT = 1024 * 1024
const OPEN_ALERTS_SHOWN = 200

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/

const listenError = (error: NodeJS.ErrnoException, host: string, port: number): Error => {
  if (error.code === 'EADDRINUSE')
    return new ListenError(
      `${host}:${port} is in use by another program. Stop it, or choose another port: --port ${port + 1}.`,
    )
  if (error.code === 'EACCES')
    return new ListenError(
      `${host}:${port} needs more rights than this user has. Choose a port above 1023: --port 5000.`,
    )
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new ListenError(`${host} is not an address of this machine. Choose one that is: --host 127.0.0.1.`)
  return error
}

/** The reader's language, by the first one of `Accept-Language` that we speak. */
export const languageOf = (header: string | undefined): Language =>
  header
    ?.split(',')
    .map((part) => part.trim().slice(0, 2).toLowerCase())
    .find((tag) => tag === 'en' || tag === 'es') === 'es'
    ? 'es'
    : 'en'

/** Serves HTTP. Throws ListenError when the address cannot be used. */
export const startApi = async (options: ApiOptions): Promise<ApiServer> => {
  const { host, port, storage, registry, latest, status, clock, timeZone } = options
  if (!LOOPBACK.test(host))
    throw new ListenError(
      `${host} is reachable from outside, and there is no access control yet: only 127.0.0.1, ::1 and localhost are allowed. To look from elsewhere, forward the port: ssh -L ${port}:127.0.0.1:${port} THIS-MACHINE.`,
    )
  const app = fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true })

  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'no-referrer')
    reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
  })

  const homeMonitors = async (): Promise<HomeMonitor[]> => {
    const states = new Map((await storage.states.all()).map((state) => [state.monitorId, state]))
    return registry.monitors().map(({ monitor, target }) => {
      const state = states.get(monitor.id)
      const latency = latest.get(monitor.id)?.latencyMs
      return {
        name: monitor.name,
        type: monitor.type,
        target,
        state: state?.state ?? 'unknown',
        since: state?.since ?? null,
        latencyMs: latency === undefined || Number.isNaN(latency) ? null : latency,
        cause: state && state.state !== 'up' ? state.cause : null,
        paused: monitor.paused,
      }
    })
  }

  app.get('/', async (request, reply) => {
    const open = await storage.alerts.list({ status: 'firing', limit: OPEN_ALERTS_SHOWN })
    const alerts = open.map(({ id, subject, severity, since, data }) => ({
      id,
      subject,
      severity,
      since,
      cause: typeof data.cause === 'string' ? data.cause : null,
    }))
    const language = languageOf(request.headers['accept-language'])
    reply.type('text/html; charset=utf-8')
    return homePage({ monitors: await homeMonitors(), alerts, language, timeZone, now: clock.now() })
  })

  app.get('/healthz', async () => ({ status: 'ok' }))

  app.get('/readyz', async (_request, reply) => {
    const { trouble } = await status()
    reply.status(trouble === undefined ? 200 : 503)
    return trouble === undefined ? { status: 'ready' } : { status: 'not ready', reason: trouble }
  })

  app.get('/api/v1/engine', async () => (await status()).engine ?? {})

  addPushRoutes(app, { storage, registry, signal: options.signal, now: clock.now })

  try {
    const address = await app.listen({ host: host.replace(/^\[|\]$/g, ''), port })
    return { address, close: () => app.close() }
  } catch (error) {
    await app.close()
    throw listenError(error as NodeJS.ErrnoException, host, port)
  }
}
