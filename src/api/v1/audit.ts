import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isObject, type JsonObject } from '#lib/json.ts'
import { byOf } from '../access/actor.ts'
import { READING_METHODS } from '../reading-methods.ts'
import type { Services } from '../services.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** False for what changes nothing that people configured. */
    audit?: boolean
  }
}

const ACTIONS: Readonly<Record<string, string>> = { POST: 'create', PATCH: 'update', PUT: 'update', DELETE: 'delete' }
const LONGEST = 2000
/** Options of channels and monitors hold secrets, templates are long: that they were changed is enough. */
const NAMED_ONLY = new Set(['options', 'target', 'templates', 'config', 'message_template'])

const detailsOf = (body: unknown): JsonObject => {
  if (!isObject(body)) return {}
  const details = Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, NAMED_ONLY.has(key) ? '(changed)' : value]),
  ) as JsonObject
  return JSON.stringify(details).length <= LONGEST ? details : { fields: Object.keys(body).slice(0, 50) }
}

const idOf = (request: FastifyRequest, payload: unknown): number | null => {
  const fromPath = Number((request.params as { id?: unknown }).id)
  if (Number.isSafeInteger(fromPath)) return fromPath
  const made =
    typeof payload === 'string' ? /^\{"(?:success":true,"[a-z_]*id|id)":(\d{1,15})/.exec(payload)?.[1] : undefined
  return made === undefined ? null : Number(made)
}

/** `acknowledge`, or `unacknowledge` where it is taken back. */
const actionOf = (method: string, verb: string | undefined): string =>
  verb === undefined ? (ACTIONS[method] ?? method.toLowerCase()) : method === 'DELETE' ? `un${verb}` : verb

/** What has no id in its address has a name. */
const namedBy = ({ params }: FastifyRequest): JsonObject => {
  const { name } = params as { name?: string }
  return name === undefined ? {} : { name }
}

/**
 * Writes down who changed what, of every route of this scope that changes anything, before the answer leaves: a route
 * that somebody adds later cannot forget it.
 */
export const addAudit = (
  app: FastifyInstance,
  { storage, now, announce }: Pick<Services, 'storage' | 'now' | 'announce'>,
): void => {
  app.addHook('onSend', async (request, reply, payload) => {
    const { config, url = '' } = request.routeOptions
    if (READING_METHODS.has(request.method) || reply.statusCode >= 300 || config.audit === false) return
    const [word = '', , verb] = url.replace(/^\/(api\/v1|alerts\/api)\//, '').split('/')
    const { actor, address, at } = byOf(request, now())
    const entry = {
      actor,
      address,
      at,
      action: actionOf(request.method, verb),
      object: word.replace(/s$/, ''),
      objectId: idOf(request, payload),
      details: { ...namedBy(request), ...detailsOf(request.body) },
    }
    await storage.transaction(({ audit }) => audit.insert(entry))
    announce('changed', { object: entry.object, object_id: entry.objectId, by: entry.actor })
  })
}
