import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Signal } from '#core/probe.ts'
import { pushToken } from '#lib/push-token.ts'
import type { Storage } from '#storage/index.ts'

export interface PushOptions {
  readonly storage: Storage
  readonly registry: { monitors(): readonly { readonly monitor: { readonly id: number; readonly paused: boolean } }[] }
  readonly signal: (monitorId: number, signal: Signal) => Promise<void>
  readonly now: () => number
}

const MESSAGE_LIMIT = 500

/** The key behind the push URLs, made once. */
export const pushKey = async ({ settings }: Storage): Promise<string> => {
  const known = await settings.get<string>('push_key')
  if (known !== undefined) return known
  const key = randomBytes(32).toString('base64')
  await settings.set('push_key', key)
  return key
}

/** What the caller says: `/fail` or a non-zero exit code is a failure; `?msg=` or the body is kept. */
const signalOf = (request: FastifyRequest, outcome: string | undefined, now: number): Signal => {
  const query = request.query as Record<string, string | undefined>
  const failed =
    outcome === 'fail' || query.status === 'down' || (outcome !== undefined && /^[1-9]\d{0,2}$/.test(outcome))
  const text = query.msg ?? (typeof request.body === 'string' ? request.body : undefined)
  return { at: now, ok: !failed, ...(text && { message: text.slice(0, MESSAGE_LIMIT) }) }
}

/** `GET`, `POST` or `HEAD` `/push/TOKEN` is a sign of life, `/push/TOKEN/fail` a reported failure. */
export const addPushRoutes = (app: FastifyInstance, { storage, registry, signal, now }: PushOptions): void => {
  let tokens = new Map<string, number>()
  let listed: unknown

  /** The monitor of a token; the table is made anew when the configuration changed. */
  const monitorOf = async (token: string): Promise<number | undefined> => {
    const monitors = registry.monitors()
    const marker = monitors.map(({ monitor }) => monitor.id).join()
    if (marker !== listed) {
      const key = await pushKey(storage)
      tokens = new Map(monitors.map(({ monitor }) => [pushToken(key, monitor.id), monitor.id]))
      listed = marker
    }
    return tokens.get(token)
  }

  const handle = async (request: FastifyRequest, reply: FastifyReply) => {
    const { token, outcome } = request.params as { token: string; outcome?: string }
    const id = await monitorOf(token)
    if (id === undefined) return reply.status(404).send({ ok: false, error: 'no monitor has this push URL' })
    await signal(id, signalOf(request, outcome, now()))
    return { ok: true }
  }

  app.register(async (scope) => {
    // Scripts send whatever they like as the body; it is text to us.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 64 * 1024 }, (_request, body, done) =>
      done(null, body),
    )
    for (const url of ['/push/:token', '/push/:token/:outcome'])
      scope.route({
        method: ['GET', 'POST', 'HEAD'],
        url,
        handler: handle,
        exposeHeadRoute: false,
        // The URL itself is the key.
        config: { public: true },
      })
  })
}
