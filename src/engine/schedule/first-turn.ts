/** Space between the first probes of monitors that start together, ms. */
const START_SPACING = 20
/** Taking over one monitor takes about as long: what is due first waits for the last. */
const CONFIGURE_MS = 0.004
const GOLDEN = 0.618033988749895
/** Monitors of at least this interval begin on common marks. */
const SHARED_FROM_MS = 5000
/** How far apart marks may lie, ms: each second has equally many of them. */
const MARKS_MS = [10, 20, 50, 100, 250, 500] as const
/** Monitors that follow one another go together: what is kept of them lies side by side in memory. */
const ABREAST = 4
/** Probes that a mark gathers at most, where their type does not know better. */
const SHARED_PROBES = 64

/**
 * Where first turns lie: spread by the golden ratio, so that any number of monitors falls evenly. Slow ones share
 * wakes, which follow the load: a wake costs more than a probe.
 */
export const createFirstTurns = (monotonic: () => number) => {
  /** What all intervals together come to. */
  let probesPerMs = 0
  return {
    count: (intervalMs: number): void => {
      probesPerMs += 1 / intervalMs
    },
    uncount: (intervalMs: number): void => {
      probesPerMs -= 1 / intervalMs
    },
    /**
     * The first turn of the monitor number `order` of `starting` that start together, ms of the monotonic clock;
     * `together`: how many a mark may gather.
     */
    of: (order: number, starting: number, intervalMs: number, together = SHARED_PROBES): number => {
      const shared = intervalMs >= SHARED_FROM_MS
      const place = shared ? Math.floor(order / ABREAST) : order
      const spread = ((place * GOLDEN) % 1) * Math.min(intervalMs, starting * START_SPACING)
      const due = monotonic() + starting * CONFIGURE_MS + spread
      if (!shared) return due
      const mark = MARKS_MS.findLast((ms) => ms <= together / probesPerMs) ?? MARKS_MS[0]
      return Math.ceil(due / mark) * mark
    },
  }
}
