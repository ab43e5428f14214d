import { once } from 'node:events'
import { type MessagePort, Worker } from 'node:worker_threads'
import type { ResultBatch, ResultSeries } from '#core/result-batch.ts'
import { StorageError } from '../storage-error.ts'
import type { HistoryAnswer, HistoryOpened, HistoryReply, HistoryRequest } from './messages.ts'
import type { HistoryPoint } from './points.ts'
import type { Retention, Steps } from './store.ts'

export type { HistoryPoint } from './points.ts'
export type { Retention, Steps } from './store.ts'

/** The results of all monitors, as the main thread sees them. */
export interface History {
  /** Where the engine's thread sends its batches. */
  connect(port: MessagePort): void
  append(batch: ResultBatch): void
  /** Results of a monitor in `[from, to)`, ms. */
  range(monitorId: number, from: number, to: number): Promise<ResultSeries>
  /** Points of steps in `[from, to)`, only where there is something, from the level that is fine enough. */
  series(monitorId: number, from: number, to: number, steps: Steps): Promise<HistoryPoint[]>
  /** Takes what is older than is kept to the next level, or away. Returns the number of rows. */
  retain(now: number, keep: Retention): Promise<number>
  close(): Promise<void>
}

export interface HistoryOptions {
  readonly path: string
  /** Hears in words why results cannot be written. */
  readonly onTrouble: (message: string) => void
}

/** Results pass through quickly: more room would only be resident memory. */
const YOUNG_GENERATION_MB = 2

/** Starts the history's thread on `history.db`. Rejects with StorageError when it cannot be opened. */
export const startHistory = async ({ path, onTrouble }: HistoryOptions): Promise<History> => {
  const worker = new Worker(new URL('../../lib/thread.mjs', import.meta.url), {
    name: 'history',
    workerData: { entry: new URL('./worker.ts', import.meta.url).href, path },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  })
  const [opened] = (await once(worker, 'message')) as [HistoryOpened]
  if (opened.fault !== undefined) throw new StorageError(opened.fault, opened.message)
  const asked = new Map<number, PromiseWithResolvers<HistoryAnswer>>()
  let requests = 0
  let ended: Error | undefined

  worker.on('message', (message: HistoryReply | { readonly trouble: string }) => {
    if ('trouble' in message) return onTrouble(message.trouble)
    const waiting = asked.get(message.request)
    asked.delete(message.request)
    if (message.error === undefined) waiting?.resolve(message.answer!)
    else waiting?.reject(message.error)
  })
  const end = (error: Error) => {
    ended ??= error
    for (const { reject } of asked.values()) reject(error)
    asked.clear()
  }
  worker.on('error', (error) => {
    onTrouble(`the history stopped: ${(error as Error).message}`)
    end(error as Error)
  })
  worker.on('exit', () => end(new Error('the history has stopped')))

  const ask = <T extends HistoryAnswer>(request: HistoryRequest): Promise<T> => {
    if (ended) return Promise.reject(ended)
    const waiting = Promise.withResolvers<HistoryAnswer>()
    asked.set(++requests, waiting)
    worker.postMessage({ request: requests, ask: request })
    return waiting.promise as Promise<T>
  }

  return {
    connect: (port) => worker.postMessage({ from: port }, [port]),
    append: (batch) => worker.postMessage({ results: batch }),
    range: (monitorId, from, to) => ask({ kind: 'range', monitorId, from, to }),
    series: (monitorId, from, to, steps) => ask({ kind: 'series', monitorId, from, to, steps }),
    retain: (now, keep) => ask({ kind: 'retain', now, keep }),
    close: async () => {
      if (ended) return
      const exit = once(worker, 'exit')
      await ask({ kind: 'close' }).catch(() => {})
      await exit
    },
  }
}
