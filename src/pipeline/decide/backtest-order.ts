import type { WrittenRule } from '#core/rule/rule-spec.ts'

/** What the thread of a back-test is told. */
export interface BacktestOrder {
  /** The file of the store. */
  readonly path: string
  readonly rule: WrittenRule
  /** Event types to read; undefined for all. */
  readonly types: readonly string[] | undefined
  /** Events that came from this moment on, ms. */
  readonly from: number
  /** Events that were older than this when they came open nothing, ms. */
  readonly tooOldMs: number
  /** By whose clock days are counted. */
  readonly timeZone: string
}
