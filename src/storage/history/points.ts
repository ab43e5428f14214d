import { NO_SPREAD, spreadSteps, unpackSpread } from '#core/monitor/spread.ts'
import { bucketMs } from '#core/result/latency-bucket.ts'
import { ERROR_CODES, isOwnFault } from '#core/result/result.ts'
import { NO_LOSS } from '#core/result/result-batch.ts'
import type { Block } from './block.ts'
import { quantiles } from './quantiles.ts'
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
  /** Of the results; where there is but one round of several packets, of its answers. */
  readonly p50: number | null
  readonly p95: number | null
  readonly max: number | null
  /** Mean of the rounds that have several packets. */
  readonly jitter: number | null
  /** 0 to 1. */
  readonly loss: number | null
  /** Of all or a part of it another tool tells, from before we looked. */
  readonly imported?: true
}

/** A mergeable summary of results: counts, counts per latency bucket, and what rounds of several packets add. */
export interface Summary {
  total: number
  failed: number
  unknown: number
  lossSum: number
  lossCount: number
  readonly buckets: Map<number, number>
  /** Buckets of the fastest and of the slowest answer of all rounds; 0: no round has several. */
  least: number
  most: number
  /** Microseconds. */
  jitterSum: number
  jitterCount: number
  /** Of the latest round among them, as long as it is not stored: where it is alone, its own figures are told. */
  spread: number
}

export const emptySummary = (): Summary => ({
  total: 0,
  failed: 0,
  unknown: 0,
  lossSum: 0,
  lossCount: 0,
  buckets: new Map(),
  least: 0,
  most: 0,
  jitterSum: 0,
  jitterCount: 0,
  spread: NO_SPREAD,
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
  const spread = block.spread[index]!
  if (spread !== NO_SPREAD) addSpread(summary, spread)
}

const addSpread = (summary: Summary, spread: number) => {
  const { min, toMedian, toP95, toMax, jitter } = spreadSteps(spread)
  widen(summary, min, min + toMedian + toP95 + toMax)
  summary.jitterSum += Math.round(bucketMs(jitter) * 1000)
  summary.jitterCount++
  summary.spread = spread
}

const widen = (summary: Summary, least: number, most: number) => {
  if (least > 0 && (summary.least === 0 || least < summary.least)) summary.least = least
  if (most > summary.most) summary.most = most
}

export const mergeSummary = (into: Summary, from: Summary): void => {
  into.total += from.total
  into.failed += from.failed
  into.unknown += from.unknown
  into.lossSum += from.lossSum
  into.lossCount += from.lossCount
  for (const [bucket, count] of from.buckets) into.buckets.set(bucket, (into.buckets.get(bucket) ?? 0) + count)
  widen(into, from.least, from.most)
  into.jitterSum += from.jitterSum
  into.jitterCount += from.jitterCount
  into.spread = from.spread
}

/** Formats: the second one ends with what rounds add. */
const [PLAIN, WITH_ROUNDS] = [1, 2]

export const encodeSummary = (summary: Summary): Uint8Array => {
  const { total, failed, unknown, lossSum, lossCount, buckets, least, most, jitterSum, jitterCount } = summary
  const writer = new ByteWriter()
  const format = jitterCount > 0 || most > 0 ? WITH_ROUNDS : PLAIN
  for (const value of [format, total, failed, unknown, lossSum, lossCount, buckets.size]) writer.unsigned(value)
  let last = 0
  for (const [bucket, count] of [...buckets].sort(([a], [b]) => a - b)) {
    writer.unsigned(bucket - last)
    writer.unsigned(count)
    last = bucket
  }
  if (format === WITH_ROUNDS) for (const value of [least, most, jitterSum, jitterCount]) writer.unsigned(value)
  return writer.bytes()
}

export const decodeSummary = (bytes: Uint8Array): Summary => {
  const reader = new ByteReader(bytes)
  const [format, total, failed, unknown, lossSum, lossCount, size] = Array.from({ length: 7 }, () => reader.unsigned())
  const buckets = new Map<number, number>()
  let bucket = 0
  for (let index = 0; index < size!; index++) {
    bucket += reader.unsigned()
    buckets.set(bucket, reader.unsigned())
  }
  const rounds = format === WITH_ROUNDS ? Array.from({ length: 4 }, () => reader.unsigned()) : []
  return {
    total: total!,
    failed: failed!,
    unknown: unknown!,
    lossSum: lossSum!,
    lossCount: lossCount!,
    buckets,
    least: rounds[0] ?? 0,
    most: rounds[1] ?? 0,
    jitterSum: rounds[2] ?? 0,
    jitterCount: rounds[3] ?? 0,
    spread: NO_SPREAD,
  }
}

/** Of the results, where rounds of several packets reach further, of those. */
const farthest = (of: typeof Math.min, ms: number | null = null, bucket: number): number | null =>
  ms === null || bucket === 0 ? ms : of(ms, bucketMs(bucket))

const least = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)
const most = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)

/** A mean of two, by how much each stands for. */
const mean = (a: number | null, b: number | null, ofA: number, ofB: number): number | null =>
  a === null || b === null ? (a ?? b) : (a * ofA + b * ofB) / Math.max(1, ofA + ofB)

/** What another tool knew of a stretch of time, with what was looked at here in it. */
export const mergePoints = (imported: HistoryPoint, own: HistoryPoint | undefined): HistoryPoint => {
  if (!own) return { ...imported, imported: true }
  const [theirs, ours] = [imported.total, own.total]
  const main = ours >= theirs ? own : imported
  return {
    at: own.at,
    total: theirs + ours,
    failed: imported.failed + own.failed,
    unknown: imported.unknown + own.unknown,
    min: least(imported.min, own.min),
    avg: mean(imported.avg, own.avg, theirs - imported.failed, ours - own.failed - own.unknown),
    p50: main.p50 ?? imported.p50 ?? own.p50,
    p95: main.p95 ?? imported.p95 ?? own.p95,
    max: most(imported.max, own.max),
    jitter: own.jitter ?? imported.jitter,
    loss: mean(imported.loss, own.loss, theirs, ours),
    imported: true,
  }
}

/** A summary in people's units. */
export const pointOf = (at: number, summary: Summary): HistoryPoint => {
  const { total, failed, unknown, lossSum, lossCount, buckets, least, most, jitterSum, jitterCount } = summary
  let count = 0
  let sum = 0
  for (const [bucket, times] of buckets) {
    count += times
    sum += times * bucketMs(bucket)
  }
  const [fastest, p50 = null, p95 = null, slowest] = quantiles(buckets, [0, 0.5, 0.95, 1])
  const alone = total === 1 ? unpackSpread(summary.spread) : null
  return {
    at,
    total,
    failed,
    unknown,
    min: farthest(Math.min, fastest, least),
    avg: count === 0 ? null : sum / count,
    p50: alone?.median ?? p50,
    p95: alone?.p95 ?? p95,
    max: farthest(Math.max, slowest, most),
    jitter: jitterCount === 0 ? null : jitterSum / jitterCount / 1000,
    loss: lossCount === 0 ? null : lossSum / lossCount / 100,
  }
}
