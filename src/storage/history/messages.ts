import type { MessagePort } from 'node:worker_threads'
import type { Cause } from '#core/cause/cause.ts'
import type { ResultBatch, ResultSeries } from '#core/result/result-batch.ts'
import type { StorageFault } from '../storage-error.ts'
import type { HistoryPoint } from './points.ts'
import type { Retention, Steps } from './store.ts'

/** What the main thread asks of the history's thread. */
export type HistoryRequest =
  | { readonly kind: 'range'; readonly monitorId: number; readonly from: number; readonly to: number }
  | {
      readonly kind: 'series'
      readonly monitorId: number
      readonly from: number
      readonly to: number
      readonly steps: Steps
    }
  | { readonly kind: 'retain'; readonly now: number; readonly keep: Retention }
  | { readonly kind: 'close' }

export type HistoryAnswer = ResultSeries | HistoryPoint[] | number

interface HistoryReply {
  readonly request: number
  readonly answer?: HistoryAnswer
  readonly error?: unknown
}

/** What the history's thread is told. */
export type ToHistory =
  | { readonly results: ResultBatch }
  /** Where batches of the engine come from. */
  | { readonly from: MessagePort }
  | { readonly request: number; readonly ask: HistoryRequest }

/** What it tells after its first message. */
export type FromHistory = HistoryReply | { readonly trouble: Cause | undefined } | { readonly damage: Cause }

/** The thread's first message. */
export type HistoryOpened = { readonly fault: undefined } | { readonly fault: StorageFault; readonly said: Cause }
