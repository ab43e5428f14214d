import { because } from '#core/cause/cause.ts'
import { NO_SPREAD, packSteps, spreadSteps, unpackSpread } from '#core/monitor/spread.ts'
import { bucketMs } from '#core/result/latency-bucket.ts'
import { NO_LOSS, type ResultSeries } from '#core/result/result-batch.ts'
import { loadZlib } from '#lib/run/load-zlib.ts'
import { StorageError } from '../storage-error.ts'
import { BitReader, BitWriter } from './bits.ts'
import { readColumn, writeColumn } from './column.ts'
import { ByteReader } from './varint.ts'

/** One monitor's results of a stretch of time, in the order of time; `buckets` are quantised latencies, `spread` packed ones. */
export interface Block {
  readonly at: number[]
  readonly buckets: number[]
  readonly codes: number[]
  readonly loss: number[]
  readonly spread: number[]
}

/** A block whose columns are each what `change` makes of them. */
export const mapColumns = (
  { at, buckets, codes, loss, spread }: Block,
  change: (column: number[]) => number[],
): Block => ({
  at: change(at),
  buckets: change(buckets),
  codes: change(codes),
  loss: change(loss),
  spread: change(spread),
})

export const emptyBlock = (): Block => ({ at: [], buckets: [], codes: [], loss: [], spread: [] })

/** Formats: the first one, of times, latencies, codes and losses only, was packed by deflate. */
const [DEFLATED, COLUMNS] = [1, 2]
/** More results than a day holds: no block of ours comes near, and a damaged one asks for no more memory. */
const MOST_RESULTS = 4_000_000
const MOST_BYTES = 64 * 1024 * 1024
const COUNT_BITS = 24
const TIME_BITS = 48

const damaged = (cause?: unknown) => new StorageError('corrupted', because('history_block_damaged'), cause)

const stepsOf = (at: readonly number[]): number[] => {
  const steps: number[] = []
  for (let index = 1; index < at.length; index++) steps.push(at[index]! - at[index - 1]!)
  return steps
}

/** Columns of the spreads of a block: the jitter says whether there is one, the fastest answer lies near the mean. */
const SPREAD_STEPS = ['toMedian', 'toP95', 'toMax'] as const

const writeSpreads = (writer: BitWriter, spread: readonly number[], buckets: readonly number[]) => {
  const steps = spread.map(spreadSteps)
  writeColumn(
    writer,
    steps.map(({ jitter }) => jitter),
  )
  const below = steps.map(({ min }, index) => buckets[index]! - min)
  writeColumn(
    writer,
    below.filter((_, index) => steps[index]!.jitter > 0),
  )
  const rounds = steps.filter(({ jitter }) => jitter > 0)
  for (const step of SPREAD_STEPS)
    writeColumn(
      writer,
      rounds.map((one) => one[step]),
    )
}

const readSpreads = (reader: BitReader, buckets: readonly number[]): number[] => {
  const jitters = readColumn(reader, buckets.length)
  const rounds = jitters.reduce((sum, jitter) => sum + (jitter > 0 ? 1 : 0), 0)
  const below = readColumn(reader, rounds)
  const [toMedian, toP95, toMax] = SPREAD_STEPS.map(() => readColumn(reader, rounds)) as [number[], number[], number[]]
  let round = 0
  return jitters.map((jitter, index) => {
    if (jitter <= 0) return NO_SPREAD
    const at = round++
    const min = buckets[index]! - below[at]!
    return packSteps({ min, toMedian: toMedian[at]!, toP95: toP95[at]!, toMax: toMax[at]!, jitter })
  })
}

/** Bytes of a block, whose times are in order: how many results, the first time, and the columns one after another. */
export const encodeBlock = ({ at, buckets, codes, loss, spread }: Block): Uint8Array => {
  const writer = new BitWriter()
  writer.write(COLUMNS, 8)
  writer.write(at.length, COUNT_BITS)
  writer.write(at[0] ?? 0, TIME_BITS)
  writeColumn(writer, stepsOf(at))
  for (const column of [buckets, codes, loss]) writeColumn(writer, column)
  const rounds = spread.some((packed) => packed !== NO_SPREAD)
  writer.write(rounds ? 1 : 0, 1)
  if (rounds) writeSpreads(writer, spread, buckets)
  return writer.bytes()
}

/** What `encodeBlock` was given. Throws StorageError for a damaged block or one of a newer program. */
export const decodeBlock = (bytes: Uint8Array): Block => {
  const format = bytes[0]
  if (format === DEFLATED) return decodeDeflated(bytes)
  if (format !== COLUMNS) throw new StorageError('newer', because('history_blocks_newer', { format: format! }))
  const reader = new BitReader(bytes.subarray(1))
  const count = reader.read(COUNT_BITS)
  if (count > MOST_RESULTS) throw damaged()
  let time = reader.read(TIME_BITS)
  const at = count === 0 ? [] : [time]
  for (const step of readColumn(reader, Math.max(0, count - 1))) {
    time += step
    at.push(time)
  }
  const [buckets, codes, loss] = [0, 1, 2].map(() => readColumn(reader, count)) as [number[], number[], number[]]
  const spread = reader.read(1) === 1 ? readSpreads(reader, buckets) : withoutSpread(count)
  return { at, buckets, codes, loss, spread }
}

const withoutSpread = (count: number): number[] => new Array<number>(count).fill(NO_SPREAD)

/** The first format: times as differences of differences, latencies as steps, codes and losses as runs. */
const decodeDeflated = (bytes: Uint8Array): Block => {
  const reader = new ByteReader(inflate(bytes.subarray(1)))
  const count = reader.unsigned()
  if (count > MOST_RESULTS) throw damaged()
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
  return { ...block, codes: readRuns(reader, count), loss: readRuns(reader, count), spread: withoutSpread(count) }
}

const readRuns = (reader: ByteReader, count: number): number[] => {
  const values: number[] = []
  while (values.length < count) {
    const value = reader.unsigned()
    const length = reader.unsigned()
    if (length === 0 || values.length + length > count) throw damaged()
    for (let index = 0; index < length; index++) values.push(value)
  }
  return values
}

const inflate = (packed: Uint8Array): Uint8Array => {
  try {
    // Loaded for what an old version wrote alone.
    return loadZlib().inflateRawSync(packed, { maxOutputLength: MOST_BYTES })
  } catch (error) {
    throw damaged(error)
  }
}

/** Appends what lies in `[from, to)` to a series in people's units. */
export const addToSeries = (
  series: ResultSeries,
  { at, buckets, codes, loss, spread }: Block,
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
    series.spread.push(unpackSpread(spread[index]!))
  }
}
