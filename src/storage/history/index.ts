import type { MessagePort } from 'node:worker_threads'
import type { Cause } from '#core/cause/cause.ts'
import type { ResultBatch, ResultSeries } from '#core/result/result-batch.ts'
import type { HistoryPoint } from './points.ts'
import type { Retention, Steps } from './store.ts'

export type { HistoryPoint } from './points.ts'
export type { Retention, Steps } from './store.ts'

/** The results of all monitors, as the main thread sees them. */
export interface History {
  /**
   * Hands out where the engine's thread sends its batches: at once, and again whenever another thread takes them. Who
   * asks takes the place of who asked before.
   */
  connect(give: (port: MessagePort) => void): void
  append(batch: ResultBatch): void
  /** Results of a monitor in `[from, to)`, ms. */
  range(monitorId: number, from: number, to: number): Promise<ResultSeries>
  /** Points of steps in `[from, to)`, only where there is something, from the level that is fine enough. */
  series(monitorId: number, from: number, to: number, steps: Steps): Promise<HistoryPoint[]>
  /** Takes what is older than is kept to the next level, or away. Returns the number of rows. */
  retain(now: number, keep: Retention): Promise<number>
  close(): Promise<void>
}

/** What a history tells unasked. */
export interface HistoryListener {
  /** Why results cannot be kept, in words; undefined once they can again. */
  onTrouble(trouble: Cause | undefined): void
  /** What of the stored results was found damaged, and was left out. */
  onDamage(damage: Cause): void
  /** Its thread ended by itself, and is started again. */
  onRestart(): void
}
