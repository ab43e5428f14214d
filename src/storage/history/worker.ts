import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { ResultBatch } from '#core/result-batch.ts'
import { explainSqlite, type StorageError } from '../storage-error.ts'
import type { HistoryAnswer, HistoryOpened, HistoryReply, HistoryRequest } from './messages.ts'
import { openHistoryStore } from './store.ts'

/** The history's thread: the only writer of history.db, so that no write of results ever stops the main thread. */

const COMPACT_EVERY_MS = 60_000

const path: string = workerData.path
const port = parentPort!

const open = () => {
  try {
    return openHistoryStore(path)
  } catch (error) {
    const { fault = 'cannot_open', message } = explainSqlite(error, path) as StorageError
    port.postMessage({ fault, message } satisfies HistoryOpened)
    process.exit(0)
  }
}
const store = open()
/** Batches that a full disk keeps from being written, oldest first; the oldest are given up. */
const MOST_WAITING = 600
const waiting: ResultBatch[] = []
const engines: MessagePort[] = []
let complained = false

const append = (batch: ResultBatch) => {
  waiting.push(batch)
  try {
    while (waiting.length > 0) {
      store.append(waiting[0]!)
      waiting.shift()
    }
    complained = false
  } catch (error) {
    if (waiting.length > MOST_WAITING) waiting.shift()
    if (!complained) port.postMessage({ trouble: (explainSqlite(error, path) as Error).message })
    complained = true
  }
}

const compact = () => {
  try {
    while (store.compact(Date.now()) > 0);
  } catch (error) {
    port.postMessage({ trouble: (explainSqlite(error, path) as Error).message })
  }
}
const timer = setInterval(compact, COMPACT_EVERY_MS)

const answer = (request: HistoryRequest): HistoryAnswer => {
  if (request.kind === 'range') return store.range(request.monitorId, request.from, request.to)
  if (request.kind === 'series') return store.series(request.monitorId, request.from, request.to, request.stepMs)
  if (request.kind === 'retain') return store.retain(request.now, request.keep)
  clearInterval(timer)
  // What the engine handed over before it ended is still on its way.
  for (const engine of engines) {
    for (let next = receiveMessageOnPort(engine); next; next = receiveMessageOnPort(engine)) append(next.message)
    engine.close()
  }
  store.close()
  port.close()
  return 0
}

port.on(
  'message',
  (
    message:
      | { readonly results: ResultBatch }
      | { readonly request: number; readonly ask: HistoryRequest }
      | { readonly from: MessagePort },
  ) => {
    if ('results' in message) append(message.results)
    else if ('from' in message) {
      engines.push(message.from)
      message.from.on('message', append).unref()
    } else {
      const { request, ask } = message
      try {
        port.postMessage({ request, answer: answer(ask) } satisfies HistoryReply)
      } catch (error) {
        port.postMessage({ request, error: explainSqlite(error, path) } satisfies HistoryReply)
      }
    }
  },
)
compact()
port.postMessage({ fault: undefined } satisfies HistoryOpened)
