/** Stands for "no latency". */
export const NO_LATENCY = 0xffff_ffff

/** Neighbouring buckets differ by 2 %, so a value is within 1 % of what was measured. */
const STEP = Math.log(1.02)

/**
 * Bucket of a latency in microseconds on a logarithmic scale; 0 stands for none. Counts per bucket are a sketch that
 * merges by addition and gives quantiles within 1 % (C. Masson et al., DDSketch, VLDB 2019).
 */
export const bucketOf = (us: number): number => (us === NO_LATENCY ? 0 : 1 + Math.round(Math.log(us + 1) / STEP))

const MOST_BUCKETS = 1 + Math.round(Math.log(NO_LATENCY) / STEP)
const MS = Float64Array.from({ length: MOST_BUCKETS + 1 }, (_, bucket) => (Math.exp((bucket - 1) * STEP) - 1) / 1000)

/** Latency of a bucket, ms. */
export const bucketMs = (bucket: number): number => MS[bucket] ?? MS[MOST_BUCKETS]!
