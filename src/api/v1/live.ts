import type { FastifyInstance } from 'fastify'
import type { CutOff } from '#core/monitor/cut-off.ts'
import { Type } from '#lib/schema.ts'
import type { Timer } from '#lib/time/timers.ts'
import type { Services } from '../services.ts'
import { anId } from './lists.ts'
import { type Change, createLiveReader, frameOf, type LiveReader } from './live-reader.ts'

/** What happens within this time leaves as one frame. */
const FRAME_MS = 1000
const KEEP_ALIVE_MS = 15_000
/** Changes remembered for who comes back with `Last-Event-ID`. */
const REMEMBERED = 5000

/** Server-sent events: changes of state, events, alerts, as they happen. */
export const addLiveRoutes = (app: FastifyInstance, services: Services): void => {
  const { timers } = services
  const recent: Change[] = []
  const readers = new Set<LiveReader>()
  let waiting: Change[] = []
  let last = 0
  let timer: Timer | undefined

  const keep = (kind: string, data: object): Change => {
    const change = { id: ++last, kind, data }
    recent.push(change)
    // Cut rarely: taking away the first of thousands moves all the others.
    if (recent.length >= 2 * REMEMBERED) recent.splice(0, recent.length - REMEMBERED)
    return change
  }

  /** Who was cut off when it was told last. */
  let told: CutOff = new Map()
  /** As it is when somebody reads it: what is remembered of it takes no room. */
  const cutOff = {
    get monitors() {
      return [...services.cutOff()]
    },
  }

  /** States change one by one; who is cut off by what they come to is told after them. */
  const noteCutOff = () => {
    const now = services.cutOff()
    const isNews = now !== told && (now.size > 0 || told.size > 0)
    told = now
    if (isNews) waiting.push(keep('cut_off', cutOff))
  }

  const flush = () => {
    timer = undefined
    noteCutOff()
    const frame = frameOf(waiting)
    const [first, newest] = [waiting[0]!.id, waiting.at(-1)!.id]
    waiting = []
    for (const reader of readers) reader.take(frame, first, newest)
  }

  const stop = services.listen((kind, data) => {
    const change = keep(kind, data)
    if (readers.size === 0) return
    waiting.push(change)
    timer ??= timers.after(FRAME_MS, flush)
  })

  /** The last change that a reader knows; a number that is still to come is of the server before this one. */
  const seenBy = (header: unknown): number => {
    const seen = Number(header)
    if (header === undefined || !Number.isInteger(seen)) return (waiting[0]?.id ?? last + 1) - 1
    return seen > last ? 0 : seen
  }

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
    // What is written after its end is an error of the answer.
    raw.on('error', () => {})
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    const reader = createLiveReader(raw, recent, seenBy(request.headers['last-event-id']))
    readers.add(reader)
    const keepAlive = timers.every(KEEP_ALIVE_MS, reader.beat)
    const leave = () => {
      readers.delete(reader)
      timers.clear(keepAlive)
    }
    const dismissed = app.whileAllowed(request, () => {
      leave()
      // Who does not read would not read the end either.
      if (raw.writableNeedDrain) raw.destroy()
      else raw.end()
    })
    raw.on('close', () => {
      dismissed()
      leave()
    })
  })

  app.addHook('onClose', async () => {
    stop()
    timers.clear(timer)
  })
}
