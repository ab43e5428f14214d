export interface LatenessFigures {
  /** Probes started so far. */
  readonly started: number
  /** Of the probes of the last minute, ms, within 3 % above a tenth of a millisecond. */
  readonly p50: number
  readonly p99: number
  readonly max: number
}

const SLICE_MS = 10_000
const SLICES = 6
const FIRST_MS = 0.1
const RATIO = 1.05
const BUCKETS = 400
const SCALE = 1 / Math.log(RATIO)

const bucketOf = (ms: number): number =>
  ms <= FIRST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / FIRST_MS) * SCALE))

const newSlice = () => ({ counts: new Uint32Array(BUCKETS), total: 0, max: 0 })
type Slice = ReturnType<typeof newSlice>

const clear = (slice: Slice) => {
  slice.counts.fill(0)
  slice.total = 0
  slice.max = 0
}

/** How late probes start against their schedule: counts on a logarithmic scale, in slices of 10 s. */
export const createLateness = (monotonic: () => number = () => performance.now()) => {
  const slices = Array.from({ length: SLICES }, newSlice)
  let at = 0
  let began = monotonic()
  let started = 0

  const turn = (now: number) => {
    for (let passed = 0; now - began >= SLICE_MS && passed < SLICES; passed++) {
      at = (at + 1) % SLICES
      clear(slices[at]!)
      began += SLICE_MS
    }
    // After a longer silence nothing is left that could be forgotten.
    if (now - began >= SLICE_MS) began = now
  }

  const quantile = (share: number): number => {
    let left = share * (slices.reduce((sum, { total }) => sum + total, 0) - 1)
    for (let bucket = 0; bucket < BUCKETS && left >= 0; bucket++) {
      for (const { counts } of slices) left -= counts[bucket]!
      if (left < 0) return FIRST_MS * RATIO ** (bucket - 0.5)
    }
    return 0
  }

  return {
    add: (ms: number) => {
      const slice = slices[at]!
      slice.counts[bucketOf(ms)]!++
      slice.total++
      if (ms > slice.max) slice.max = ms
      started++
    },
    figures: (): LatenessFigures => {
      turn(monotonic())
      const max = Math.max(...slices.map((slice) => slice.max))
      // The middle of the last bucket may lie above everything in it.
      return { started, p50: Math.min(max, quantile(0.5)), p99: Math.min(max, quantile(0.99)), max }
    },
  }
}
