import { ERROR_CODES, isOwnFault } from '#core/result.ts'
import { NO_LOSS } from '#core/result-batch.ts'
import type { Block } from './block.ts'
import { bucketMs, quantiles } from './quantise.ts'
import { ByteReader, ByteWriter } from './varint.ts'

/** What is known of one stretch of time; latencies in ms, null where none was measured. */
export interface HistoryPoint {
  readonly at: number
  readonly total: number
  readonly failed: number
  /** Results whose fault was ours: nothing is known of the target. */
  readonly unknown: number
  readonly min: number | null
  readonly avg: number | null
  readonly p50: number | null
  readonly p95: number | null
  readonly max: number | null
  /** 0 to 1. */
  readonly loss: number | null
}

/** A mergeable summary of results: counts, and counts per latency bucket. */
export interface Summary {
  total: number
  failed: number
  unknown: number
  lossSum: number
  lossCount: number
  readonly buckets: Map<number, number>
}

export const emptySummary = (): Summary => ({
  total: 0,
  failed: 0,
  unknown: 0,
  lossSum: 0,
  lossCount: 0,
  buckets: new Map(),
})

const OWN_FAULT = ERROR_CODES.map((code) => isOwnFault(code))

/** Adds the result at `index` of a block. */
export const addResult = (summary: Summary, block: Block, index: number): void => {
  const code = block.codes[index]!
  const bucket = block.buckets[index]!
  const loss = block.loss[index]!
  summary.total++
  if (OWN_FAULT[code]) summary.unknown++
  else if (code !== 0) summary.failed++
  if (loss !== NO_LOSS) {
    summary.lossSum += loss
    summary.lossCount++
  }
  if (bucket !== 0) summary.buckets.set(bucket, (summary.buckets.get(bucket) ?? 0) + 1)
}

export const mergeSummary = (into: Summary, from: Summary): void => {
  into.total += from.total
  into.failed += from.failed
  into.unknown += from.unknown
  into.lossSum += from.lossSum
  into.lossCount += from.lossCount
  for (const [bucket, count] of from.buckets) into.buckets.set(bucket, (into.buckets.get(bucket) ?? 0) + count)
}

export const encodeSummary = ({ total, failed, unknown, lossSum, lossCount, buckets }: Summary): Uint8Array => {
  const writer = new ByteWriter()
  for (const value of [1, total, failed, unknown, lossSum, lossCount, buckets.size]) writer.unsigned(value)
  let last = 0
  for (const [bucket, count] of [...buckets].sort(([a], [b]) => a - b)) {
    writer.unsigned(bucket - last)
    writer.unsigned(count)
    last = bucket
  }
  return writer.bytes()
}

export const decodeSummary = (bytes: Uint8Array): Summary => {
  const reader = new ByteReader(bytes)
  const [, total, failed, unknown, lossSum, lossCount, size] = Array.from({ length: 7 }, () => reader.unsigned())
  const buckets = new Map<number, number>()
  let bucket = 0
  for (let index = 0; index < size!; index++) {
    bucket += reader.unsigned()
    buckets.set(bucket, reader.unsigned())
  }
  return {
    total: total!,
    failed: failed!,
    unknown: unknown!,
    lossSum: lossSum!,
    lossCount: lossCount!,
    buckets,
  }
}

/** A summary in people's units. */
export const pointOf = (at: number, { total, failed, unknown, lossSum, lossCount, buckets }: Summary): HistoryPoint => {
  let count = 0
  let sum = 0
  for (const [bucket, times] of buckets) {
    count += times
    sum += times * bucketMs(bucket)
  }
  const [min = null, p50 = null, p95 = null, max = null] = quantiles(buckets, [0, 0.5, 0.95, 1])
  return {
    at,
    total,
    failed,
    unknown,
    min,
    avg: count === 0 ? null : sum / count,
    p50,
    p95,
    max,
    loss: lossCount === 0 ? null : lossSum / lossCount / 100,
  }
}
