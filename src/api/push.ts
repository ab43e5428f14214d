import type { IncomingMessage } from 'node:http'
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
/** Bytes of a body, which the message is the first of. */
const MOST_READ = 4096
const LONGEST_LATENCY_MS = 3_600_000

type Query = Readonly<Record<string, unknown>>

/** What a caller measured, in ms; nothing where it says nothing that can be. */
const latencyOf = (ping: unknown): { readonly latencyMs?: number } => {
  const latencyMs = nonEmpty(ping) === undefined ? Number.NaN : Number(ping)
  return latencyMs >= 0 && latencyMs <= LONGEST_LATENCY_MS ? { latencyMs } : {}
}

/** What the end of an address can say: a beginning is no sign of life, and no fault. */
type Ending = 'success' | 'failure' | 'beginning'
const ENDINGS: ReadonlyMap<string, Ending> = new Map([
  ['', 'success'],
  ['fail', 'failure'],
  ['start', 'beginning'],
  ['log', 'beginning'],
])
const LARGEST_EXIT_CODE = 255

/** A word, or the exit code of a program; undefined for what is neither, which is no sign of anything. */
const endingOf = (text: string): Ending | undefined => {
  if (!/^\d{1,3}$/.test(text)) return ENDINGS.get(text)
  const code = Number(text)
  return code === 0 ? 'success' : code <= LARGEST_EXIT_CODE ? 'failure' : undefined
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 100))

/** What is wrong with a call, in words; undefined for one that says what it means. */
const problemOf = (ending: string, { status }: Query, statuses: Face['statuses']): string | undefined => {
  if (endingOf(ending) === undefined)
    return `${shown(ending)} is no ending of a push URL: write fail, start, log, an exit code from 0 to ${LARGEST_EXIT_CODE}, or nothing`
  if (status === undefined || statuses === 'any' || status === 'up' || status === 'down') return undefined
  return `status is ${shown(String(status))}: write up or down`
}

/** What the caller says: a failure by the address or by `?status=down`; `?msg=` or the body is kept. */
const signalOf = (request: FastifyRequest, ending: Ending | undefined, now: number): Signal => {
  const query = request.query as Query
  const message = nonEmpty(query.msg) ?? nonEmpty(request.body)
  return {
    at: now,
    ok: ending !== 'failure' && query.status !== 'down',
    ...(message && { message: message.slice(0, MESSAGE_LIMIT) }),
    ...latencyOf(query.ping),
  }
}

const KEY_MISSING = { ok: false, error: 'the key behind the push URLs is missing on this server' }

/**
 * The first of what a caller sends, as text. Scripts send whole logs along: however long one is, the call counts, and of the
 * rest nothing is read.
 */
const beginningOf = (body: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let bytes = 0
    const end = () => {
      body.off('data', take)
      body.pause()
      resolve(Buffer.concat(parts).subarray(0, MOST_READ).toString())
    }
    const take = (part: Buffer) => {
      parts.push(part)
      bytes += part.length
      if (bytes >= MOST_READ) end()
    }
    body.on('data', take).once('end', end).once('error', reject)
  })

/** An address to call, and how what calls it expects to be answered. */
interface Face {
  readonly urls: readonly string[]
  readonly found: object | string
  readonly unknown: object | string
  readonly wrong: (words: string) => object | string
  /** `any`: what is not `down` is up. */
  readonly statuses: 'up or down' | 'any'
}

const FACES: readonly Face[] = [
  {
    urls: ['/push/:token', '/push/:token/:outcome'],
    found: { ok: true },
    unknown: { ok: false, error: 'no monitor has this push URL' },
    wrong: (error) => ({ ok: false, error }),
    statuses: 'up or down',
  },
  // As Healthchecks: the scripts and libraries that know it look for this.
  {
    urls: ['/ping/:token', '/ping/:token/:outcome'],
    found: 'OK',
    unknown: 'not found',
    wrong: (words) => words,
    statuses: 'any',
  },
  // As Uptime Kuma.
  {
    urls: ['/api/push/:token'],
    found: { ok: true },
    unknown: { ok: false, msg: 'Monitor not found or not active.' },
    wrong: (msg) => ({ ok: false, msg }),
    statuses: 'any',
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
    ({ found, unknown, wrong, statuses }: Face) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const { token, outcome = '' } = request.params as { token: string; outcome?: string }
      // Whoever calls cannot be told from a stranger: he may try again, and his own log says why.
      if (pushKey === undefined) return reply.status(503).send(KEY_MISSING)
      const id = monitorOf(token, pushKey)
      if (id === undefined) return reply.status(404).send(unknown)
      const problem = problemOf(outcome, request.query as Query, statuses)
      if (problem !== undefined) return reply.status(400).send(wrong(problem))
      const ending = endingOf(outcome)
      if (ending !== 'beginning') await signal(id, signalOf(request, ending, now()))
      return reply.send(found)
    }

  app.register(async (scope) => {
    // Scripts send whatever they like as the body; it is text to us.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request: FastifyRequest, body: IncomingMessage) => beginningOf(body))
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
