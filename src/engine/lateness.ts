export interface LatenessFigures {
  /** Probes started so far. */
  readonly started: number
  /** Of the probes of the latest 20 to 40 s, ms, within 3 % above a tenth of a millisecond. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** Median of the last 64, ms: how late they start at present. */
  readonly current: number
}

const WINDOW_MS = 20_000
const FIRST_MS = 0.1
const RATIO = 1.05
const BUCKETS = 400
const SCALE = 1 / Math.log(RATIO)

const bucketOf = (ms: number): number =>
  ms <= FIRST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / FIRST_MS) * SCALE))

const newWindow = () => ({ counts: new Uint32Array(BUCKETS), total: 0, max: 0 })

/** How late probes start against their schedule: counts on a logarithmic scale, in windows of 20 s. */
export const createLateness = (monotonic: () => number = () => performance.now()) => {
  let before = newWindow()
  let present = newWindow()
  let began = monotonic()
  let started = 0

  const turn = (now: number) => {
    if (now - began < WINDOW_MS) return
    before = now - began < 2 * WINDOW_MS ? present : newWindow()
    present = newWindow()
    began = now
  }

  const quantile = (share: number): number => {
    const total = before.total + present.total
    let left = share * (total - 1)
    for (let bucket = 0; bucket < BUCKETS && total > 0; bucket++) {
      left -= before.counts[bucket]! + present.counts[bucket]!
      if (left < 0) return FIRST_MS * RATIO ** (bucket - 0.5)
    }
    return 0
  }

  return {
    add: (ms: number) => {
      present.counts[bucketOf(ms)]!++
      present.total++
      if (ms > present.max) present.max = ms
      started++
    },
    figures: (): LatenessFigures => {
      turn(monotonic())
      return {
        started,
        p50: quantile(0.5),
        p99: quantile(0.99),
        max: Math.max(before.max, present.max),
        current: quantile(0.5),
      }
    },
  }
}
