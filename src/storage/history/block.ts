import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { NO_LOSS, type ResultSeries } from '#core/result-batch.ts'
import { StorageError } from '../storage-error.ts'
import { bucketMs } from './quantise.ts'
import { ByteReader, ByteWriter } from './varint.ts'

/** One monitor's results of a stretch of time, in the order of time; `buckets` are quantised latencies. */
export interface Block {
  readonly at: number[]
  readonly buckets: number[]
  readonly codes: number[]
  readonly loss: number[]
}

export const emptyBlock = (): Block => ({ at: [], buckets: [], codes: [], loss: [] })

/** Format of what is written now. Readers of every released format stay. */
const FORMAT = 1
/** Larger blocks are refused before they are unpacked: no block of ours comes near. */
const MOST_BYTES = 64 * 1024 * 1024

const runs = (writer: ByteWriter, values: readonly number[]) => {
  for (let start = 0; start < values.length; ) {
    let end = start + 1
    while (end < values.length && values[end] === values[start]) end++
    writer.unsigned(values[start]!)
    writer.unsigned(end - start)
    start = end
  }
}

const readRuns = (reader: ByteReader, count: number): number[] => {
  const values: number[] = []
  while (values.length < count) {
    const value = reader.unsigned()
    const length = reader.unsigned()
    if (length === 0 || values.length + length > count)
      throw new StorageError('corrupted', 'a block of the history is damaged')
    for (let index = 0; index < length; index++) values.push(value)
  }
  return values
}

/**
 * Bytes of a block: times as differences of differences (a steady interval costs a byte or less), latencies as steps
 * on the logarithmic scale, codes and losses as runs; then deflate.
 */
export const encodeBlock = ({ at, buckets, codes, loss }: Block): Uint8Array => {
  const writer = new ByteWriter()
  writer.unsigned(at.length)
  let [last, lastStep, lastBucket] = [0, 0, 0]
  for (const time of at) {
    const step = Math.round(time) - last
    writer.signed(step - lastStep)
    last += step
    lastStep = step
  }
  for (const bucket of buckets) {
    writer.signed(bucket - lastBucket)
    lastBucket = bucket
  }
  runs(writer, codes)
  runs(writer, loss)
  const packed = deflateRawSync(writer.bytes())
  const bytes = new Uint8Array(packed.length + 1)
  bytes[0] = FORMAT
  bytes.set(packed, 1)
  return bytes
}

/** What `encodeBlock` was given. Throws StorageError for a damaged block or one of a newer program. */
export const decodeBlock = (bytes: Uint8Array): Block => {
  if (bytes[0] !== FORMAT)
    throw new StorageError(
      'newer',
      `history.db holds blocks of format ${bytes[0]}: start the newer Vigía that wrote them.`,
    )
  const reader = new ByteReader(unpack(bytes.subarray(1)))
  const count = reader.unsigned()
  const block = emptyBlock()
  let [time, step, bucket] = [0, 0, 0]
  for (let index = 0; index < count; index++) {
    step += reader.signed()
    time += step
    block.at.push(time)
  }
  for (let index = 0; index < count; index++) {
    bucket += reader.signed()
    block.buckets.push(bucket)
  }
  return { ...block, codes: readRuns(reader, count), loss: readRuns(reader, count) }
}

const unpack = (packed: Uint8Array): Uint8Array => {
  try {
    return inflateRawSync(packed, { maxOutputLength: MOST_BYTES })
  } catch (error) {
    throw new StorageError('corrupted', 'a block of the history is damaged', error)
  }
}

/** Appends what lies in `[from, to)` to a series in people's units. */
export const addToSeries = (
  series: ResultSeries,
  { at, buckets, codes, loss }: Block,
  from: number,
  to: number,
): void => {
  for (let index = 0; index < at.length; index++) {
    const time = at[index]!
    if (time < from || time >= to) continue
    const bucket = buckets[index]!
    series.at.push(time)
    series.latencyMs.push(bucket === 0 ? null : bucketMs(bucket))
    series.codes.push(codes[index]!)
    series.loss.push(loss[index] === NO_LOSS ? null : loss[index]! / 100)
  }
}
