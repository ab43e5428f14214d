import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { because, type Cause } from '#core/cause/cause.ts'
import type { ResultBatch } from '#core/result/result-batch.ts'
import { causeOfRefusal, explainSqlite, faultOf } from '../storage-error.ts'
import type { StoreSystems } from '../systems.ts'
import type { FromHistory, HistoryAnswer, HistoryOpened, HistoryRequest, ToHistory } from './messages.ts'
import { openOwnStore, replaceStore } from './own-store.ts'
import type { Retention } from './store.ts'

/** What a history is started with, as it crosses to a thread. */
export interface HistoryData {
  readonly path: string
  readonly installation: string
}

const MOST_WAITING = 600
/** An hour's parts are rewritten within ten minutes, a little at each turn: nobody who reads waits long. */
const TURN_MS = 1000
const TURNS = 600

/** The history: the only writer of history.db. Tells first whether it could be opened; ends by closing its port. */
export const runHistory = (
  port: MessagePort,
  { path, installation }: HistoryData,
  { timers, wall }: StoreSystems,
): void => {
  const post = (message: FromHistory) => port.postMessage(message)

  const open = () => {
    try {
      return openOwnStore(path, installation, new Date(wall()))
    } catch (error) {
      const explained = explainSqlite(error, path)
      const fault = faultOf(explained) ?? 'cannot_open'
      port.postMessage({ fault, said: causeOfRefusal(explained) } satisfies HistoryOpened)
      port.close()
      return undefined
    }
  }
  const opened = open()
  if (!opened) return
  let { store } = opened
  /** Batches that a full disk keeps from being written, oldest first; the oldest are given up. */
  const waiting: ResultBatch[] = []
  const engines: MessagePort[] = []

  /** What cannot be done at present, and why. */
  const troubles = new Map<'append' | 'compact', Cause>()
  let told: Cause | undefined
  const note = (work: 'append' | 'compact', error: unknown) => {
    if (error === undefined) troubles.delete(work)
    else troubles.set(work, causeOfRefusal(explainSqlite(error, path)))
    const [trouble] = troubles.values()
    if (!isDeepStrictEqual(trouble, told)) post({ trouble })
    told = trouble
  }

  /** Does work that writes; where the file turns out to be damaged, with a new one in its place. */
  const write = (work: () => void) => {
    try {
      work()
    } catch (error) {
      const next = replaceStore(store, path, installation, error, new Date(wall()))
      store = next.store
      if (next.aside !== undefined) post({ damage: next.aside })
      work()
    }
  }

  const appendWaiting = () => {
    while (waiting.length > 0) {
      store.append(waiting[0]!)
      waiting.shift()
    }
  }

  const append = (batch: ResultBatch) => {
    waiting.push(batch)
    try {
      write(appendWaiting)
      note('append', undefined)
    } catch (error) {
      if (waiting.length > MOST_WAITING) waiting.shift()
      note('append', error)
    }
  }

  const compact = () => {
    for (let left = Math.max(1, Math.ceil(store.waiting() / TURNS)); left > 0; left--) store.compact(wall())
  }

  const turn = () => {
    try {
      write(compact)
      note('compact', undefined)
    } catch (error) {
      note('compact', error)
    }
  }
  const timer = timers.every(TURN_MS, turn)
  let closing = false

  /** In steps, between which results are taken and questions answered. */
  const retain = async (now: number, keep: Retention): Promise<number> => {
    let rows = 0
    for (const gone of store.retain(now, keep)) {
      rows += gone
      await timers.turn()
      if (closing) break
    }
    return rows
  }

  const close = () => {
    closing = true
    timers.clear(timer)
    // What the engine handed over before it ended is still on its way.
    for (const engine of engines) {
      for (let next = receiveMessageOnPort(engine); next; next = receiveMessageOnPort(engine)) append(next.message)
      engine.close()
    }
    store.close()
    port.close()
    return 0
  }

  const answer = (request: HistoryRequest): HistoryAnswer | Promise<HistoryAnswer> => {
    if (request.kind === 'range') return store.range(request.monitorId, request.from, request.to)
    if (request.kind === 'series') return store.series(request.monitorId, request.from, request.to, request.steps)
    return request.kind === 'retain' ? retain(request.now, request.keep) : close()
  }

  const reply = async (request: number, asked: HistoryRequest) => {
    try {
      post({ request, answer: await answer(asked) })
    } catch (error) {
      post({ request, error: explainSqlite(error, path) })
    }
  }

  port.on('message', (message: ToHistory) => {
    if ('results' in message) append(message.results)
    else if ('from' in message) {
      engines.push(message.from)
      message.from.on('message', append).unref()
    } else void reply(message.request, message.ask)
  })
  port.postMessage({ fault: undefined } satisfies HistoryOpened)
  if (opened.aside !== undefined) post({ damage: opened.aside })
  if (store.damaged > 0)
    post({
      damage: because('results_damaged', { batches: store.damaged, file: basename(path) }),
    })
}
