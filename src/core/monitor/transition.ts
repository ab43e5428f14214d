import type { Cause } from '../cause/cause.ts'
import type { ErrorCode } from '../result/result.ts'
import type { State } from './monitor.ts'
import type { LastHop, PathSnapshot } from './path.ts'
import type { QualityFacts } from './quality-facts.ts'

/** One change of state of one monitor. */
export interface Transition {
  readonly monitorId: number
  readonly from: State
  readonly to: State
  /** When the verdict fell, ms. */
  readonly at: number
  /** When the new state really began: the first failed probe of an outage, the first success of a recovery, ms. */
  readonly since: number
  /** When the state that ends had begun, ms. */
  readonly previousSince: number
  readonly code: ErrorCode
  /** Why, as the deciding look says; undefined where there is nothing to say, as of a recovery. */
  readonly cause: Cause | undefined
  /** Facts of the deciding results: attempts, latency, the packets of the round or of the window that decided. */
  readonly facts: {
    readonly attempts?: number
    readonly latencyMs?: number
    /** 0 to 1. */
    readonly loss?: number
    readonly lastHop?: LastHop
  } & Partial<QualityFacts>
  /** The way to the target as it was seen since the first failure; not stored with the change. */
  readonly path?: PathSnapshot
}

/** The same with the English sentence of its cause, as it is stored: an older version stored nothing else of it. */
export interface WordedTransition extends Transition {
  /** Empty where there is no cause. */
  readonly sentence: string
}
