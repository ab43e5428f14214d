import type { DeliveryFailure } from '../channel.ts'

/** One delivery attempt, as it is kept for the history. */
export interface Attempt {
  readonly at: number
  readonly durationMs: number
  readonly ok: boolean
  readonly code: number | null
  readonly failure: DeliveryFailure | null
  readonly error: string | null
  readonly response: string | null
}
