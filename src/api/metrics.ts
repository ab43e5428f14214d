import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { CONTENT_TYPES, negotiate } from '#metrics/exposition.ts'
import type { Metrics } from '#metrics/index.ts'

/** Pieces that are written between two turns of the socket, in bytes: few writes, and no long stretch. */
const CHUNK = 64 * 1024

/** Joins small pieces, for each chunk of an answer has its price. */
async function* joined(pieces: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    if (text.length < CHUNK) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}

/**
 * `GET /metrics`: text or OpenMetrics, as `Accept` prefers, written in slices. `open` lets everybody read it; else it
 * takes a session or a token.
 */
export const addMetricsRoute = (app: FastifyInstance, metrics: Pick<Metrics, 'render'>, open = false): void => {
  app.get('/metrics', { config: { public: open } }, async (request, reply) => {
    const format = negotiate(request.headers.accept)
    reply.type(CONTENT_TYPES[format])
    return reply.send(Readable.from(joined(metrics.render(format)), { objectMode: false }))
  })
}
