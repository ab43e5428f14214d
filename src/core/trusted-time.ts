/**
 * How far removing what is old may trust the clock. One reading of it must never delete anything: a machine without a
 * battery for its clock boots in 1970 or years ahead, and a restored virtual machine wakes in its past.
 */
export interface TrustedTime {
  /** What is old is counted back from here, ms since the epoch. */
  readonly at: number
  /** For how long the clock has stood ahead of that, ms; 0 when it does not. */
  readonly waitedMs: number
}

/** The clock may run ahead of what was counted by so much without a reason. */
const NOISE_MS = 300_000
/** A jump ahead is believed when the clock has stayed there for so long. */
export const BELIEVED_AFTER_MS = 86_400_000

/**
 * The trusted time after `elapsedMs` more of counted time, while the clock says `now`. It goes forward no faster than
 * time was counted; a clock that stands further ahead is believed after a day, one that stands behind at once, since
 * that deletes less. Pure.
 */
export const advanceTrust = ({ at, waitedMs }: TrustedTime, now: number, elapsedMs: number): TrustedTime => {
  const counted = at + Math.max(0, elapsedMs)
  if (now - counted <= NOISE_MS) return { at: now, waitedMs: 0 }
  const waited = waitedMs + Math.max(0, elapsedMs)
  return waited >= BELIEVED_AFTER_MS ? { at: now, waitedMs: 0 } : { at: counted, waitedMs: waited }
}
