import type { VigiaEvent } from '../event/event.ts'

/** What a rule would have sent. */
export interface BacktestResult {
  /** Stored events that it would have looked at. */
  readonly events: number
  readonly matched: number
  readonly wouldSend: number
  readonly heldByCooldown: number
  readonly belowRate: number
  /** Matched, but were too old when they came to open anything. */
  readonly tooOld: number
  readonly days: readonly { readonly day: string; readonly wouldSend: number; readonly heldByCooldown: number }[]
  /** The first events that would have been told. */
  readonly samples: readonly VigiaEvent[]
}
