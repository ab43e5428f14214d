import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

/** Longer answers are not worth hashing: they are pages of data that change all the time. */
const LONGEST = 1_000_000

/** A weak tag, because a proxy may compress what it tags. */
const tagOf = (payload: string): string => `W/"${createHash('sha1').update(payload).digest('base64url')}"`

const names = (header: string, tag: string): boolean =>
  header
    .split(',')
    .map((one) => one.trim())
    .some((one) => one === '*' || one.replace(/^W\//, '') === tag.replace(/^W\//, ''))

/**
 * Tags what the API answers to a GET, so that who asks again with `If-None-Match` gets 304 and no body where nothing
 * changed (RFC 9110, 13.1.2). What is kept is private, and is asked for again before it is used.
 */
export const addEtags = (app: FastifyInstance): void => {
  app.addHook('onSend', (request, reply, payload, done) => {
    const tagged = request.method === 'GET' && reply.statusCode === 200 && request.url.startsWith('/api/v1/')
    if (!tagged || typeof payload !== 'string' || payload.length > LONGEST) return done()
    const tag = tagOf(payload)
    reply.header('etag', tag)
    // What must not be kept at all says so itself.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache')
    const known = request.headers['if-none-match']
    if (known === undefined || !names(known, tag)) return done()
    reply.status(304).removeHeader('content-type').removeHeader('content-length')
    return done(null, '')
  })
}
