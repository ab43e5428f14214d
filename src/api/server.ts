import fastify from 'fastify'
import type { Logger } from 'pino'
import { causeOf } from '#core/alert/alert-facts.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import type { Signal } from '#core/probe.ts'
import { type LatestLookup, latencyOf, troubleOf } from '#core/result/latest-results.ts'
import type { Trouble } from '#core/trouble.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { Metrics } from '#metrics/index.ts'
import type { Storage } from '#storage/index.ts'
import { inEnglish } from '#templates/said.ts'
import { notesView, troubleView } from '#templates/trouble-view.ts'
import { type AccessDeps, addAccess } from './access/index.ts'
import { addAckRoutes } from './ack.ts'
import { addAlertmanager } from './alertmanager/index.ts'
import { addBodies } from './bodies.ts'
import { addCalendarFeed } from './calendar-feed.ts'
import { addErrors, compilers, refuseAddress } from './errors.ts'
import { addEtags } from './etag.ts'
import { type HomeMonitor, homePage } from './home-page.ts'
import { httpServers } from './http-servers.ts'
import { addMetricsRoute } from './metrics.ts'
import { addOlderFail2banRoutes } from './older-panel/fail2ban.ts'
import { addOlderPanel } from './older-panel/index.ts'
import { addProbeRoute, type ProbeHandlerOptions } from './probe.ts'
import { addPushRoutes } from './push.ts'
import { refuseChanges } from './refuse-changes.ts'
import type { Services } from './services.ts'
import { snakeKeys } from './snake-keys.ts'
import { addUnreadBodies } from './unread-bodies.ts'
import { addNativeApi } from './v1/index.ts'
import { addOpenApi } from './v1/openapi.ts'
import { addWall } from './wall.ts'
import { addWeb, PAGE_FOLDER, type WebOptions } from './web.ts'

/** How the server itself does. */
export interface ServerStatus {
  /** What is wrong with probing or delivery; undefined when nothing is. */
  readonly trouble: Trouble | undefined
  /** What people should know although it does its work. */
  readonly notes?: readonly Cause[]
  /** Figures of the probe engine; undefined before it has told any. */
  readonly engine: object | undefined
}

/** A configured monitor as the page shows it. */
interface ShownMonitor {
  readonly monitor: {
    readonly id: number
    readonly name: string
    readonly type: string
    readonly paused: boolean
  }
  readonly target: string
}

/** What Prometheus asks for. */
export interface PrometheusFaces {
  readonly metrics: Pick<Metrics, 'render'>
  readonly publicMetrics: boolean
  readonly probe: ProbeHandlerOptions
  readonly publicProbe: boolean
}

export interface ApiOptions {
  readonly host: string
  readonly port: number
  readonly version: string
  readonly services: Services
  readonly storage: Storage
  readonly registry: { monitors(): readonly ShownMonitor[]; generation(): number }
  /** The last result of each monitor by id. */
  readonly latest: LatestLookup
  readonly status: () => Promise<ServerStatus>
  readonly clock: Clock
  readonly timers: Timers
  /** The server's. */
  readonly timeZone: () => string
  /** By which pages write numbers and dates; undefined: each by its browser's. */
  readonly region?: (() => string | undefined) | undefined
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Seals secrets for the database. */
  readonly sealer: AccessDeps['sealer']
  /** Proxies whose X-Forwarded-… headers count; absent: none. */
  readonly trustedProxies?: readonly string[] | undefined
  /** Where the built page lies; absent: where the build puts it. */
  readonly pageFolder?: string | undefined
  /** Absent: no /metrics and no /probe. */
  readonly prometheus?: PrometheusFaces | undefined
  /** Stands behind the push URLs; undefined where the key that sealed it is missing. */
  readonly pushKey?: string | undefined
  /** A passive monitor was called. */
  readonly signal: (monitorId: number, signal: Signal) => Promise<void>
}

export interface ApiServer {
  readonly address: string
  /** The one-time link that creates the first administrator; undefined when there is a user. */
  setUpUrl(base: string): Promise<string | undefined>
  close(): Promise<void>
}

/** The address cannot be used; `said`, and the message in English, say why and what to do. */
export class ListenError extends Error {
  readonly said: Cause
  constructor(said: Cause) {
    super(inEnglish(said))
    this.said = said
  }
}

const BODY_LIMIT = 1024 * 1024
/** Who takes nothing of an answer for so long has gone, and what waits for it goes too. The longest work takes less. */
const READS_NOTHING_MS = 300_000
const OPEN_ALERTS_SHOWN = 200
const CONTENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
const PUBLIC = { config: { public: true } } as const

const listenError = (error: NodeJS.ErrnoException, host: string, port: number): Error => {
  const address = `${host}:${port}`
  if (error.code === 'EADDRINUSE')
    return new ListenError(because('address_in_use', { address, port: String(port + 1) }))
  if (error.code === 'EACCES') return new ListenError(because('address_needs_rights', { address }))
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new ListenError(because('address_not_here', { host }))
  return error
}

/** Serves HTTP. Throws ListenError when the address cannot be used. */
export const startApi = async (options: ApiOptions): Promise<ApiServer> => {
  const { host, port, storage, registry, latest, status, clock, timers, timeZone, log } = options
  const onBug = (error: unknown) => log.error({ err: error }, 'internal error')
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    connectionTimeout: READS_NOTHING_MS,
    forceCloseConnections: true,
    schemaController: { compilersFactory: compilers },
    trustProxy: options.trustedProxies ? [...options.trustedProxies] : false,
    frameworkErrors: refuseAddress(options.timers),
    serverFactory: httpServers(onBug),
  })

  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('x-content-type-options', 'nosniff')
    // Not 'no-referrer': forms would come with `Origin: null`, which is what the check of cross-site requests reads.
    reply.header('referrer-policy', 'same-origin')
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', CONTENT_POLICY)
    done()
  })
  addUnreadBodies(app, options.timers)
  addEtags(app)
  addErrors(app, onBug)
  addBodies(app)
  addOpenApi(app, options.version)
  const access = addAccess(app, { storage, clock, timers, log, sealer: options.sealer })

  if (storage.away) refuseChanges(app, storage.away.trouble)

  const homeMonitors = async (): Promise<HomeMonitor[]> => {
    const states = new Map((await storage.states.all()).map((state) => [state.monitorId, state]))
    return registry.monitors().map(({ monitor, target }) => {
      const state = states.get(monitor.id)
      const last = latest.get(monitor.id)
      return {
        name: monitor.name,
        type: monitor.type,
        target,
        state: state?.state ?? 'unknown',
        since: state?.since ?? null,
        latencyMs: latencyOf(last),
        ...troubleOf(state, last, inEnglish),
        paused: monitor.paused,
      }
    })
  }

  const plainPage: WebOptions['plainPage'] = async (request, language) => {
    const open = await storage.alerts.list({ status: 'firing', limit: OPEN_ALERTS_SHOWN })
    const alerts = open.map((alert) => ({
      id: alert.id,
      subject: alert.subject,
      severity: alert.severity,
      since: alert.since,
      ...causeOf(alert),
    }))
    const user = request.actor?.kind === 'user' ? request.actor.name : undefined
    return homePage({
      monitors: await homeMonitors(),
      alerts,
      language,
      timeZone: timeZone(),
      user,
      now: clock.now(),
    })
  }
  addWeb(app, { folder: options.pageFolder ?? PAGE_FOLDER, plainPage, region: options.region })

  app.get('/healthz', PUBLIC, async () => ({ status: 'ok' }))

  app.get('/readyz', PUBLIC, async (_request, reply) => {
    const { trouble, notes = [] } = await status()
    reply.status(trouble === undefined ? 200 : 503)
    return trouble === undefined
      ? { status: 'ready', ...(notes.length > 0 && notesView(notes)) }
      : { status: 'not ready', reason: inEnglish(trouble), ...troubleView(trouble) }
  })

  app.get('/api/v1/engine', { schema: { summary: 'Figures of the probe engine' } }, async () =>
    snakeKeys((await status()).engine ?? {}),
  )

  addNativeApi(app, options.services)
  addOlderPanel(app, options.services, onBug)
  addCalendarFeed(app, options.services)
  addWall(app, options.services)
  addAckRoutes(app, { ...options.services, timeZone })
  addOlderFail2banRoutes(app, options.services)
  addAlertmanager(app, options.services, options.version, onBug)
  const { prometheus } = options
  if (prometheus) {
    addMetricsRoute(app, prometheus.metrics, prometheus.publicMetrics)
    addProbeRoute(app, prometheus.probe, prometheus.publicProbe)
  }
  addPushRoutes(app, { pushKey: options.pushKey, registry, signal: options.signal, now: clock.now })

  try {
    const address = await app.listen({ host: host.replace(/^\[|\]$/g, ''), port })
    // What cannot be accepted at one address is no reason to close the others of the same name.
    app.server.removeAllListeners('error').on('error', onBug)
    return { address, setUpUrl: access.setUpUrl, close: () => app.close() }
  } catch (error) {
    await app.close()
    throw listenError(error as NodeJS.ErrnoException, host, port)
  }
}
