export interface FoundAddresses {
  readonly addresses: readonly string[]
  /** How long it took, ms. */
  readonly ms: number
  /** Of that, what was no answer of anybody: our own queue, or a resolver that is silent. */
  readonly waitedMs?: number
  /** Set where nobody answers at present and an older answer serves: how old it is, ms. */
  readonly lastKnownMs?: number
}

/** How a name stands at present; `fixed`: no server need be asked for it, or one said that it is not there. */
export type NameStanding = 'fixed' | 'known' | 'last known' | 'unknown'

export interface NameFigures {
  /** Questions that were asked, and answers that came from memory. */
  readonly asked: number
  readonly remembered: number
  /** Answers that were older than they should be, since nobody gave a newer one. */
  readonly lastKnown: number
  /** Names in our own queue. */
  readonly waiting: number
}
