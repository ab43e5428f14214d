import type { FastifyInstance } from 'fastify'
import { Type } from '#lib/schema.ts'
import type { Services } from '../services.ts'
import { anId } from './lists.ts'

/** What happens within this time leaves as one frame. */
const FRAME_MS = 1000
const KEEP_ALIVE_MS = 15_000
/** An event and no comment, so that a page sees it and knows that the line still stands. */
const BEAT = 'event: beat\ndata: {}\n\n'
/** Changes remembered for who comes back with `Last-Event-ID`. */
const REMEMBERED = 5000

interface Change {
  readonly id: number
  readonly kind: string
  readonly data: object
}

/** Server-sent events: changes of state, events, alerts, as they happen. */
export const addLiveRoutes = (app: FastifyInstance, services: Services): void => {
  const recent: Change[] = []
  const readers = new Set<(changes: readonly Change[]) => void>()
  let waiting: Change[] = []
  let last = 0
  let timer: NodeJS.Timeout | undefined

  const flush = () => {
    timer = undefined
    const changes = waiting
    waiting = []
    for (const reader of readers) reader(changes)
  }

  const stop = services.listen((kind, data) => {
    const change = { id: ++last, kind, data }
    recent.push(change)
    // Cut rarely: taking away the first of thousands moves all the others.
    if (recent.length >= 2 * REMEMBERED) recent.splice(0, recent.length - REMEMBERED)
    if (readers.size === 0) return
    waiting.push(change)
    timer ??= setTimeout(flush, FRAME_MS)
  })

  const frame = (changes: readonly Change[]) =>
    `id: ${changes.at(-1)!.id}\nevent: changes\ndata: ${JSON.stringify(changes.map(({ kind, data }) => ({ kind, ...data })))}\n\n`

  const live = {
    schema: { summary: 'Changes as they happen (server-sent events)' },
    config: {
      produces: 'text/event-stream',
      headers: Type.Object({
        'last-event-id': Type.Optional(anId('The last one seen: what came since comes first')),
      }),
    },
  }
  app.get('/live', live, (request, reply) => {
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    const seen = Number(request.headers['last-event-id'])
    const missed = Number.isInteger(seen) ? recent.filter(({ id }) => id > seen) : []
    raw.write(missed.length > 0 ? frame(missed) : BEAT)
    const send = (changes: readonly Change[]) => void raw.write(frame(changes))
    readers.add(send)
    const keepAlive = setInterval(() => raw.write(BEAT), KEEP_ALIVE_MS)
    const leave = () => {
      readers.delete(send)
      clearInterval(keepAlive)
    }
    const dismissed = app.whileAllowed(request, () => {
      leave()
      raw.end()
    })
    raw.on('close', () => {
      dismissed()
      leave()
    })
  })

  app.addHook('onClose', async () => {
    stop()
    clearTimeout(timer)
  })
}
