import type { Cause } from '../cause/cause.ts'
import type { DeliveryFailure } from '../channel.ts'

/** One delivery attempt, as it is kept for the history. */
export interface Attempt {
  readonly at: number
  readonly durationMs: number
  readonly ok: boolean
  readonly code: number | null
  readonly failure: DeliveryFailure | null
  /** What went wrong, as an English sentence. */
  readonly error: string | null
  /** The same as a code with facts; absent where nothing did, or where an older version tried. */
  readonly cause?: Cause
  readonly response: string | null
}
