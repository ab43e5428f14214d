import { once } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import { because } from '#core/cause/cause.ts'
import type { ResultBatch } from '#core/result/result-batch.ts'
import { type StartPart, startThread } from '#lib/thread.ts'
import { StorageError } from '../storage-error.ts'
import type { HistoryListener } from './index.ts'
import type { FromHistory, HistoryAnswer, HistoryOpened, HistoryRequest, ToHistory } from './messages.ts'

/** One life of the history's thread. */
export interface HistoryThread {
  /** Takes batches of the engine from here. */
  take(port: MessagePort): void
  append(batch: ResultBatch): void
  /** Rejects when the thread ends meanwhile. */
  ask<T extends HistoryAnswer>(request: HistoryRequest): Promise<T>
  /** Resolves when it ends, with the reason. */
  readonly ended: Promise<Error>
}

/** Results pass through quickly: more room would only be resident memory. */
const YOUNG_GENERATION_MB = 2

/** Starts the history's thread on `history.db`. Rejects with StorageError when it cannot be opened. */
export const startHistoryThread = async (
  path: string,
  installation: string,
  { onTrouble, onDamage }: Pick<HistoryListener, 'onTrouble' | 'onDamage'>,
  startPart: StartPart = startThread,
): Promise<HistoryThread> => {
  const worker = startPart('storage/history/worker', {
    name: 'history',
    data: { path, installation },
    limits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  })
  const [opened] = (await once(worker, 'message')) as [HistoryOpened]
  if (opened.fault !== undefined) throw new StorageError(opened.fault, opened.said)
  const asked = new Map<number, PromiseWithResolvers<HistoryAnswer>>()
  const end = Promise.withResolvers<Error>()
  let requests = 0
  let stopped: StorageError | undefined
  const tell = (message: ToHistory, transfer: readonly MessagePort[] = []) => worker.postMessage(message, transfer)

  worker.on('message', (message: FromHistory) => {
    if ('trouble' in message) return onTrouble(message.trouble)
    if ('damage' in message) return onDamage(message.damage)
    const waiting = asked.get(message.request)
    asked.delete(message.request)
    if (message.error === undefined) waiting?.resolve(message.answer!)
    else waiting?.reject(message.error)
  })
  worker.on('error', (error) => end.resolve(error as Error))
  worker.on('exit', (code) => end.resolve(new Error(`exit code ${code}`)))
  void end.promise.then((reason) => {
    stopped = new StorageError('cannot_open', because('history_stopped'), reason)
    for (const { reject } of asked.values()) reject(stopped)
  })

  return {
    take: (port) => tell({ from: port }, [port]),
    append: (batch) => tell({ results: batch }),
    ask: <T extends HistoryAnswer>(request: HistoryRequest) => {
      if (stopped) return Promise.reject(stopped)
      const waiting = Promise.withResolvers<HistoryAnswer>()
      asked.set(++requests, waiting)
      tell({ request: requests, ask: request })
      return waiting.promise as Promise<T>
    },
    ended: end.promise,
  }
}
