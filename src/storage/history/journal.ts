import type { ResultBatch } from '#core/result-batch.ts'
import { type Block, emptyBlock } from './block.ts'
import { bucketOf } from './quantise.ts'
import { ByteReader, ByteWriter } from './varint.ts'

/** A batch as bytes, as it came: cheap to write every second, rewritten into blocks later. */
export const encodeBatch = ({ count, monitorIds, at, latency, codes, loss }: ResultBatch): Uint8Array => {
  const writer = new ByteWriter()
  writer.unsigned(count)
  let [lastMonitor, lastAt] = [0, 0]
  for (let index = 0; index < count; index++) {
    const time = Math.round(at[index]!)
    writer.signed(monitorIds[index]! - lastMonitor)
    writer.signed(time - lastAt)
    writer.unsigned(bucketOf(latency[index]!))
    writer.unsigned(codes[index]!)
    writer.unsigned(loss[index]!)
    lastMonitor = monitorIds[index]!
    lastAt = time
  }
  return writer.bytes()
}

/** Adds a journalled batch to blocks per monitor; with `only`, that monitor's results alone. */
export const addBatch = (blocks: Map<number, Block>, bytes: Uint8Array, only?: number): void => {
  const reader = new ByteReader(bytes)
  let [monitor, time] = [0, 0]
  for (let left = reader.unsigned(); left > 0; left--) {
    monitor += reader.signed()
    time += reader.signed()
    const [bucket, code, loss] = [reader.unsigned(), reader.unsigned(), reader.unsigned()]
    if (only !== undefined && monitor !== only) continue
    let block = blocks.get(monitor)
    if (!block) {
      block = emptyBlock()
      blocks.set(monitor, block)
    }
    block.at.push(time)
    block.buckets.push(bucket)
    block.codes.push(code)
    block.loss.push(loss)
  }
}
