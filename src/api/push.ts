import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Signal } from '#core/probe.ts'
import { pushToken } from '#lib/push-token.ts'
import { nonEmpty } from '#lib/text/non-empty.ts'

export interface PushOptions {
  /** Stands behind the URLs; undefined where the key that sealed it is missing. */
  readonly pushKey: string | undefined
  readonly registry: {
    monitors(): readonly { readonly monitor: { readonly id: number } }[]
    /** Another number whenever the monitors are others. */
    generation(): number
  }
  readonly signal: (monitorId: number, signal: Signal) => Promise<void>
  readonly now: () => number
}

const MESSAGE_LIMIT = 500
const LONGEST_LATENCY_MS = 3_600_000

type Query = Readonly<Record<string, unknown>>

/** What a caller measured, in ms; nothing where it says nothing that can be. */
const latencyOf = (ping: unknown): { readonly latencyMs?: number } => {
  const latencyMs = nonEmpty(ping) === undefined ? Number.NaN : Number(ping)
  return latencyMs >= 0 && latencyMs <= LONGEST_LATENCY_MS ? { latencyMs } : {}
}

/** `fail`, or an exit code that is not 0. */
const isFailure = (outcome: string | undefined): boolean =>
  outcome === 'fail' || (outcome !== undefined && /^0*[1-9]\d{0,2}$/.test(outcome))

/** What the caller says: a failure by the address or by `?status=down`; `?msg=` or the body is kept. */
const signalOf = (request: FastifyRequest, outcome: string | undefined, now: number): Signal => {
  const query = request.query as Query
  const message = nonEmpty(query.msg) ?? nonEmpty(request.body)
  return {
    at: now,
    ok: !isFailure(outcome) && query.status !== 'down',
    ...(message && { message: message.slice(0, MESSAGE_LIMIT) }),
    ...latencyOf(query.ping),
  }
}

/** Words that say that a job runs, not that it is done: no sign of life, and no fault. */
const BEGINNINGS = new Set(['start', 'log'])

const KEY_MISSING = { ok: false, error: 'the key behind the push URLs is missing on this server' }

/** An address to call, and how what calls it expects to be answered. */
interface Face {
  readonly urls: readonly string[]
  readonly found: object | string
  readonly unknown: object | string
}

const FACES: readonly Face[] = [
  {
    urls: ['/push/:token', '/push/:token/:outcome'],
    found: { ok: true },
    unknown: { ok: false, error: 'no monitor has this push URL' },
  },
  // As Healthchecks: the scripts and libraries that know it look for this.
  { urls: ['/ping/:token', '/ping/:token/:outcome'], found: 'OK', unknown: 'not found' },
  // As Uptime Kuma.
  {
    urls: ['/api/push/:token'],
    found: { ok: true },
    unknown: { ok: false, msg: 'Monitor not found or not active.' },
  },
]

/**
 * Addresses that a passive monitor's target calls, with `GET`, `POST` or `HEAD`: `/push/TOKEN` and `/ping/TOKEN`, with
 * `/fail` or an exit code behind for a failure, `/start` for a beginning, and `/api/push/TOKEN?status=up&msg=&ping=`.
 */
export const addPushRoutes = (app: FastifyInstance, { pushKey, registry, signal, now }: PushOptions): void => {
  let tokens = new Map<string, number>()
  let listed: number | undefined

  /** The monitor of a token; the table is made anew when the configuration changed. */
  const monitorOf = (token: string, key: string): number | undefined => {
    if (registry.generation() !== listed) {
      tokens = new Map(registry.monitors().map(({ monitor }) => [pushToken(key, monitor.id), monitor.id]))
      listed = registry.generation()
    }
    return tokens.get(token)
  }

  const handle =
    ({ found, unknown }: Face) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const { token, outcome } = request.params as { token: string; outcome?: string }
      // Whoever calls cannot be told from a stranger: he may try again, and his own log says why.
      if (pushKey === undefined) return reply.status(503).send(KEY_MISSING)
      const id = monitorOf(token, pushKey)
      if (id === undefined) return reply.status(404).send(unknown)
      if (!BEGINNINGS.has(outcome ?? '')) await signal(id, signalOf(request, outcome, now()))
      return reply.send(found)
    }

  app.register(async (scope) => {
    // Scripts send whatever they like as the body; it is text to us.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 64 * 1024 }, (_request, body, done) =>
      done(null, body),
    )
    for (const face of FACES)
      for (const url of face.urls)
        scope.route({
          method: ['GET', 'POST', 'HEAD'],
          url,
          handler: handle(face),
          exposeHeadRoute: false,
          // The URL itself is the key.
          config: { public: true },
        })
  })
}
