import { bucketMs, bucketOf } from '../result/latency-bucket.ts'

/** How the answers of one round lie, ms; jitter is the mean difference of one answer to the next. */
export interface Spread {
  readonly min: number
  readonly median: number
  readonly p95: number
  readonly max: number
  readonly jitter: number
}

/** A spread as buckets of latency: the first one, and the steps from each figure to the next. */
export interface SpreadSteps {
  readonly min: number
  readonly toMedian: number
  readonly toP95: number
  readonly toMax: number
  /** 1 and more. */
  readonly jitter: number
}

/** Stands for "no spread": of a single answer nothing is known beside its time. */
export const NO_SPREAD = 0

/** Each figure takes less than this: buckets go up to 1,121. */
const BASE = 2048
const STEP_BASE = 1024

const bucketOfMs = (ms: number): number => bucketOf(Math.max(0, Math.round(ms * 1000)))
const stepBetween = (from: number, to: number): number => Math.min(STEP_BASE - 1, Math.max(0, to - from))

/** The five figures in one whole number below 2^52, each within 1 %, so that results stay columns of numbers. */
export const packSteps = ({ min, toMedian, toP95, toMax, jitter }: SpreadSteps): number =>
  (((min * STEP_BASE + toMedian) * STEP_BASE + toP95) * STEP_BASE + toMax) * BASE + jitter

/** A spread of times, ms, in one number, each within 1 %: how rounds are kept. */
export const packSpread = ({ min, median, p95, max, jitter }: Spread): number => {
  const [least, middle, high, most] = [bucketOfMs(min), bucketOfMs(median), bucketOfMs(p95), bucketOfMs(max)]
  return packSteps({
    min: least,
    toMedian: stepBetween(least, middle),
    toP95: stepBetween(middle, high),
    toMax: stepBetween(high, most),
    jitter: bucketOfMs(jitter),
  })
}

/** The steps that a packed spread is made of, as `packSpread` packed them. */
export const spreadSteps = (packed: number): SpreadSteps => {
  let rest = packed
  const take = (base: number) => {
    const value = rest % base
    rest = Math.floor(rest / base)
    return value
  }
  const jitter = take(BASE)
  const toMax = take(STEP_BASE)
  const toP95 = take(STEP_BASE)
  const toMedian = take(STEP_BASE)
  return { min: rest, toMedian, toP95, toMax, jitter }
}

/** The figures of a packed spread, ms; null for `NO_SPREAD`. */
export const unpackSpread = (packed: number): Spread | null => {
  if (packed === NO_SPREAD) return null
  const { min, toMedian, toP95, toMax, jitter } = spreadSteps(packed)
  const median = min + toMedian
  const p95 = median + toP95
  return {
    min: bucketMs(min),
    median: bucketMs(median),
    p95: bucketMs(p95),
    max: bucketMs(p95 + toMax),
    jitter: bucketMs(jitter),
  }
}
