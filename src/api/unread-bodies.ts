import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Timers } from '#lib/time/timers.ts'

/** What is left of a body of a known length is read to its end up to this, so that the connection can serve on; bytes. */
const SHORT_BYTES = 64 * 1024
/** What is taken of a longer one after its answer, so that who still sends gets to read it; bytes and ms. */
const LINGER_BYTES = 256 * 1024
const LINGER_MS = 2000

const isToCome = ({ complete, headers }: IncomingMessage): boolean =>
  !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > SHORT_BYTES)

/**
 * An answer that does not wait for the rest of its request's body is the last one of its connection, for Node would read on
 * as long as something comes. A connection that is cut while its client sends may lose the answer with it: our half is
 * closed, a little more is taken, and after a moment it is cut.
 */
export const leaveUnread = (request: IncomingMessage, response: ServerResponse, timers: Timers): void => {
  if (!isToCome(request)) return
  response.setHeader('connection', 'close')
  const { socket } = request
  let taken = 0
  request.on('data', ({ length }: Buffer) => {
    taken += length
    if (taken > LINGER_BYTES) request.pause()
  })
  // Node counts it as read from here on: else it would throw away all that comes, uncounted.
  request.read(0)
  const cut = socket.destroySoon.bind(socket)
  socket.destroySoon = () => {
    if (request.complete) return cut()
    socket.end()
    const timer = timers.after(LINGER_MS, () => socket.destroy())
    socket.once('close', () => timers.clear(timer))
    request.once('end', cut)
  }
}

/** The same for every answer of an application. */
export const addUnreadBodies = (app: FastifyInstance, timers: Timers): void => {
  app.addHook('onSend', ({ raw }, reply, _payload, done) => {
    leaveUnread(raw, reply.raw, timers)
    done()
  })
}
