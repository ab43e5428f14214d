import { NO_SPREAD } from '#core/monitor/spread.ts'
import { bucketOf } from '#core/result/latency-bucket.ts'
import type { ResultBatch } from '#core/result/result-batch.ts'
import { ByteReader, ByteWriter } from './varint.ts'

/** A batch as the history keeps it: whole ms, latencies as buckets. */
export interface QuantisedBatch {
  readonly count: number
  readonly monitorIds: ArrayLike<number>
  readonly at: Float64Array
  readonly buckets: Uint16Array
  readonly codes: ArrayLike<number>
  readonly loss: ArrayLike<number>
  readonly spread: ArrayLike<number>
}

/** Added to the loss of a result that a spread follows. */
const SPREAD_FOLLOWS = 256

export const quantise = ({ count, monitorIds, at, latency, codes, loss, spread }: ResultBatch): QuantisedBatch => {
  const buckets = new Uint16Array(count)
  const times = new Float64Array(count)
  for (let index = 0; index < count; index++) {
    buckets[index] = bucketOf(latency[index]!)
    times[index] = Math.round(at[index]!)
  }
  return { count, monitorIds, at: times, buckets, codes, loss, spread }
}

/** A batch as bytes, as it came: cheap to write every second, rewritten into blocks later. */
export const encodeBatch = ({ count, monitorIds, at, buckets, codes, loss, spread }: QuantisedBatch): Uint8Array => {
  const writer = new ByteWriter()
  writer.unsigned(count)
  let [lastMonitor, lastAt] = [0, 0]
  for (let index = 0; index < count; index++) {
    writer.signed(monitorIds[index]! - lastMonitor)
    writer.signed(at[index]! - lastAt)
    writer.unsigned(buckets[index]!)
    writer.unsigned(codes[index]!)
    if (spread[index] === NO_SPREAD) writer.unsigned(loss[index]!)
    else {
      writer.unsigned(loss[index]! + SPREAD_FOLLOWS)
      writer.unsigned(spread[index]!)
    }
    lastMonitor = monitorIds[index]!
    lastAt = at[index]!
  }
  return writer.bytes()
}

/** Hands over each result of a journalled batch. Throws StorageError for damaged bytes. */
export const readBatch = (
  bytes: Uint8Array,
  add: (monitorId: number, at: number, bucket: number, code: number, loss: number, spread: number) => void,
): void => {
  const reader = new ByteReader(bytes)
  let [monitorId, at] = [0, 0]
  for (let left = reader.unsigned(); left > 0; left--) {
    monitorId += reader.signed()
    at += reader.signed()
    const bucket = reader.unsigned()
    const code = reader.unsigned()
    const loss = reader.unsigned()
    if (loss < SPREAD_FOLLOWS) add(monitorId, at, bucket, code, loss, NO_SPREAD)
    else add(monitorId, at, bucket, code, loss - SPREAD_FOLLOWS, reader.unsigned())
  }
}
