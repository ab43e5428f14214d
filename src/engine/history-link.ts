import type { MessagePort } from 'node:worker_threads'
import { buffersOf, keptColumns, type ResultBatch } from '#core/result/result-batch.ts'

/** Batches, one a second, that wait for a thread that takes them; the oldest are given up. */
const MOST_WAITING = 600

/** The way of results to where they are kept. */
export interface HistoryLink {
  /** From now on they go there. */
  connect(port: MessagePort): void
  /** Hands a batch over: its columns are no longer ours. */
  send(batch: ResultBatch): void
  close(): void
}

/**
 * Results go nowhere before the first connection. When whoever takes them dies they wait for the next one; what was on
 * its way is lost.
 */
export const createHistoryLink = (): HistoryLink => {
  const waiting: ResultBatch[] = []
  let port: MessagePort | undefined
  let wanted = false

  const post = (batch: ResultBatch) => port?.postMessage(batch, buffersOf(batch))

  return {
    connect: (next) => {
      port?.close()
      port = next
      wanted = true
      next.once('close', () => {
        if (port === next) port = undefined
      })
      for (const batch of waiting.splice(0)) post(batch)
    },
    send: (batch) => {
      if (!wanted || batch.count === 0) return
      if (port) return post(keptColumns(batch))
      waiting.push(keptColumns(batch))
      if (waiting.length > MOST_WAITING) waiting.shift()
    },
    close: () => port?.close(),
  }
}
