import { bucketOf } from '#core/result/latency-bucket.ts'
import { emptySummary, type Summary } from '#storage/history/points.ts'

/** Adds looks to what is known of a stretch of time: so many that took about so long, ms. */
export const addLooks = (summary: Summary, count: number, ms: number | null): void => {
  summary.total += count
  if (ms === null || !(ms >= 0) || count === 0) return
  const bucket = bucketOf(Math.min(ms * 1000, 4e9))
  summary.buckets.set(bucket, (summary.buckets.get(bucket) ?? 0) + count)
}

/** Sums that another tool kept of a stretch of time; latencies in ms. */
export interface KnownSums {
  readonly up: number
  readonly failed: number
  readonly avg: number | null
  readonly min?: number | null
  readonly max?: number | null
  /** 0 to 1. */
  readonly loss?: number | null
}

const whole = (count: number): number => Math.max(0, Math.round(count))

export const summaryOf = ({ up, failed, avg, min, max, loss }: KnownSums): Summary => {
  const summary = emptySummary()
  addLooks(summary, whole(up), avg)
  addLooks(summary, whole(failed), null)
  summary.failed = whole(failed)
  if (min && min > 0) summary.least = bucketOf(min * 1000)
  if (max && max > 0) summary.most = bucketOf(Math.min(max * 1000, 4e9))
  if (loss !== undefined && loss !== null && loss >= 0) {
    // Hundredths of a percent, as results carry it.
    summary.lossCount = Math.max(1, summary.total)
    summary.lossSum = Math.round(Math.min(1, loss) * 100) * summary.lossCount
  }
  return summary
}
