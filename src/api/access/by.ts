import type { FastifyRequest } from 'fastify'
import type { By } from '#core/who/by.ts'
import { isObject, type JsonObject } from '#lib/json.ts'
import { actorOf } from './actor.ts'

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
  // Which of many it was stands in an entry of each.
  const { items, ids: _, ...fields } = body
  const details = {
    ...Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, NAMED_ONLY.has(key) ? '(changed)' : value]),
    ),
    ...(Array.isArray(items) && namesOf(items)),
  } as JsonObject
  return JSON.stringify(details).length <= LONGEST ? details : { fields: Object.keys(body).slice(0, 50) }
}

/** What has no id in its address has a name. */
const namedBy = ({ params }: FastifyRequest): JsonObject => {
  const { name } = params as { name?: string }
  return name === undefined ? {} : { name }
}

/** What takes something away may say in its address what, and how. */
const askedIn = ({ method, query }: FastifyRequest): JsonObject => (method === 'DELETE' ? (query as JsonObject) : {})

/** Who asks, with what they sent as the audit log keeps it. */
export const byOf = (request: FastifyRequest): By => {
  const { kind, name } = actorOf(request)
  const asked = { ...namedBy(request), ...askedIn(request), ...detailsOf(request.body) }
  return { actor: `${kind}:${name}`, name, address: request.ip, asked }
}
