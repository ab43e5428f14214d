import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isObject, type JsonObject } from '#lib/json.ts'
import { byOf } from '../access/actor.ts'
import { READING_METHODS } from '../reading-methods.ts'
import type { Services } from '../services.ts'
import { type NamingServices, namingOf } from './audited-things.ts'

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

/** Of many things that were sent at once only their names: the rest may hold secrets. */
const LISTED = 50
const namesOf = (items: readonly unknown[]): JsonObject => ({
  count: items.length,
  names: items.slice(0, LISTED).map((item) => (isObject(item) && typeof item.name === 'string' ? item.name : null)),
})

const detailsOf = (body: unknown): JsonObject => {
  if (!isObject(body)) return {}
  const { items, ...fields } = body
  const details = {
    ...Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, NAMED_ONLY.has(key) ? '(changed)' : value]),
    ),
    ...(Array.isArray(items) && namesOf(items)),
  } as JsonObject
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

/** What takes something away may say in its address what, and how. */
const askedIn = ({ method, query }: FastifyRequest): JsonObject => (method === 'DELETE' ? (query as JsonObject) : {})

/** `monitor`, `maintenance plan`; and what is done with it beside the method: `pause`. */
const wordsOf = (url: string): { readonly object: string; readonly verb: string | undefined } => {
  const parts = url.replace(/^\/(api\/v1|alerts\/api)\//, '').split('/')
  const [word = '', second, third] = parts
  const object = word.replace(/s$/, '')
  if (second === 'plans') return { object: `${object} plan`, verb: parts[3] }
  return { object, verb: third }
}

/** What it is called now, or was; where it leads now, and where it led if that was another place. */
const named = (before: JsonObject | undefined, after: JsonObject | undefined, details: JsonObject): JsonObject => {
  const { target, ...naming } = after ?? before ?? {}
  const moved = before !== undefined && after !== undefined && before.target !== after.target
  const renamed = before !== undefined && after !== undefined && before.name !== after.name
  // A place is told where it was set, changed or went; who pauses a monitor changes none.
  const place = target !== undefined && (moved || before === undefined || after === undefined)
  return {
    ...naming,
    ...details,
    ...(place && { target }),
    ...(moved && { target_before: before.target! }),
    ...(renamed && { name_before: before.name! }),
  }
}

/**
 * Writes down who changed what, of every route of this scope that changes anything, before the answer leaves: a route
 * that somebody adds later cannot forget it.
 */
export const addAudit = (app: FastifyInstance, services: Pick<Services, 'now' | 'announce'> & NamingServices): void => {
  const { storage, now, announce } = services
  const before = new WeakMap<FastifyRequest, JsonObject>()

  const isAudited = ({ method, routeOptions }: FastifyRequest): boolean =>
    !READING_METHODS.has(method) && routeOptions.config.audit !== false

  const remember = async (request: FastifyRequest) => {
    const { url = '' } = request.routeOptions
    const known = await namingOf(wordsOf(url).object, idOf(request, undefined), services)
    if (known) before.set(request, known)
  }

  const writeDown = async (request: FastifyRequest, payload: unknown) => {
    const { url = '' } = request.routeOptions
    const { object, verb } = wordsOf(url)
    const { actor, address, at } = byOf(request, now())
    const objectId = idOf(request, payload)
    const after =
      request.method === 'DELETE' && verb === undefined ? undefined : await namingOf(object, objectId, services)
    const sent = { ...namedBy(request), ...askedIn(request), ...detailsOf(request.body) }
    const details = named(before.get(request), after, sent)
    const entry = { actor, address, at, action: actionOf(request.method, verb), object, objectId, details }
    await storage.transaction(({ audit }) => audit.insert(entry))
    announce('changed', { object, object_id: objectId, by: actor })
  }

  // What is removed has no name any more when the answer leaves.
  app.addHook('preHandler', (request, _reply, done) => (isAudited(request) ? remember(request) : done()))
  app.addHook('onSend', (request, reply, payload, done) =>
    isAudited(request) && reply.statusCode < 300 ? writeDown(request, payload) : done(),
  )
}
