import { NO_SPREAD } from '#core/monitor/spread.ts'
import { type Block, emptyBlock } from './block.ts'

/** Monitors with neighbouring ids make a part: their results are rewritten into blocks in one go. */
const PART_BITS = 7
const MONITORS = 1 << PART_BITS
const CHUNK = 2048
/** Times of a chunk lie this close to its first one, so that they fit into 32 bits. */
const REACH_MS = 2 ** 31

export const partOf = (monitorId: number): number => monitorId >>> PART_BITS

/** Results of one part in the order in which they came, nine bytes each, and eight more where rounds are among them. */
interface Chunk {
  /** Added to each time. */
  readonly base: number
  /** Row of the journal that its first result came with. */
  readonly row: number
  count: number
  readonly at: Uint32Array
  readonly buckets: Uint16Array
  readonly monitors: Uint8Array
  readonly codes: Uint8Array
  readonly loss: Uint8Array
  /** Absent while none has any. */
  spread: Float64Array | undefined
}

interface Part {
  /** What is to be rewritten, and the row of the journal up to which it reaches. */
  sealed: Chunk[]
  sealedTo: number
  open: Chunk[]
}

const makeChunk = (at: number, row: number): Chunk => ({
  base: at - REACH_MS,
  row,
  count: 0,
  at: new Uint32Array(CHUNK),
  buckets: new Uint16Array(CHUNK),
  monitors: new Uint8Array(CHUNK),
  codes: new Uint8Array(CHUNK),
  loss: new Uint8Array(CHUNK),
  spread: undefined,
})

const addTo = (block: Block, chunk: Chunk, index: number) => {
  block.at.push(chunk.base + chunk.at[index]!)
  block.buckets.push(chunk.buckets[index]!)
  block.codes.push(chunk.codes[index]!)
  block.loss.push(chunk.loss[index]!)
  block.spread.push(chunk.spread?.[index] ?? NO_SPREAD)
}

const countOf = (chunks: readonly Chunk[]) => chunks.reduce((sum, { count }) => sum + count, 0)

export interface SealedPart {
  readonly part: number
  readonly results: number
  /** The last row of the journal whose results of this part are in `blocks`. */
  readonly row: number
  /** By monitor id, in the order in which the results came. */
  readonly blocks: ReadonlyMap<number, Block>
}

/**
 * The results that no block holds yet, in memory beside their journal, so that one monitor's are found without reading
 * everybody's. They are sealed, a whole hour of all parts or one full part, and go when they have been rewritten.
 */
export const createFresh = () => {
  const parts = new Map<number, Part>()
  /** Results that are not sealed. */
  let unsealed = 0

  const roomIn = (part: Part, at: number, row: number): Chunk => {
    const last = part.open.at(-1)
    if (last && last.count < CHUNK && Math.abs(at - last.base - REACH_MS) < REACH_MS) return last
    const chunk = makeChunk(at, row)
    part.open.push(chunk)
    return chunk
  }

  const sealPart = (part: Part, row: number) => {
    if (part.open.length === 0) return
    part.sealed.push(...part.open)
    unsealed -= countOf(part.open)
    part.sealedTo = row
    part.open = []
  }

  return {
    /** Results that are not sealed. */
    unsealed: () => unsealed,

    /** Adds a result that stands in this row of the journal; `at` in whole ms. */
    add: (
      row: number,
      monitorId: number,
      at: number,
      bucket: number,
      code: number,
      loss: number,
      spread: number,
    ): void => {
      const id = partOf(monitorId)
      let part = parts.get(id)
      if (!part) {
        part = { sealed: [], sealedTo: 0, open: [] }
        parts.set(id, part)
      }
      const chunk = roomIn(part, at, row)
      const index = chunk.count++
      chunk.at[index] = at - chunk.base
      chunk.buckets[index] = bucket
      chunk.monitors[index] = monitorId & (MONITORS - 1)
      chunk.codes[index] = code
      chunk.loss[index] = loss
      if (spread !== NO_SPREAD) {
        chunk.spread ??= new Float64Array(CHUNK)
        chunk.spread[index] = spread
      }
      unsealed++
    },

    /** Marks what has come up to this row of the journal for rewriting. */
    seal: (row: number): void => {
      for (const part of parts.values()) sealPart(part, row)
    },

    /** Marks the part of which most is not sealed. */
    sealFullest: (row: number): void => {
      let fullest: Part | undefined
      for (const part of parts.values()) if (!fullest || part.open.length > fullest.open.length) fullest = part
      if (fullest) sealPart(fullest, row)
    },

    /** Parts with something sealed. */
    waiting: (): number => {
      let waiting = 0
      for (const { sealed } of parts.values()) if (sealed.length > 0) waiting++
      return waiting
    },

    /** The first part with something sealed; it stays until `drop`. */
    nextSealed: (): SealedPart | undefined => {
      for (const [id, { sealed, sealedTo }] of parts) {
        if (sealed.length === 0) continue
        const byMonitor: (Block | undefined)[] = Array(MONITORS).fill(undefined)
        for (const chunk of sealed)
          for (let index = 0; index < chunk.count; index++) {
            const monitor = chunk.monitors[index]!
            const block = byMonitor[monitor] ?? emptyBlock()
            byMonitor[monitor] = block
            addTo(block, chunk, index)
          }
        const blocks = new Map<number, Block>()
        for (const [monitor, block] of byMonitor.entries()) if (block) blocks.set(id * MONITORS + monitor, block)
        return { part: id, results: countOf(sealed), row: sealedTo, blocks }
      }
      return undefined
    },

    /** Lets go of what was sealed of a part. */
    drop: (id: number): void => {
      const part = parts.get(id)
      if (!part) return
      part.sealed = []
      if (part.open.length === 0) parts.delete(id)
    },

    /** The first row of the journal that is still needed when what is sealed of `without` is not. */
    firstRow: (without?: number): number => {
      let first = Number.POSITIVE_INFINITY
      for (const [id, { sealed, open }] of parts)
        for (const chunk of [id === without ? undefined : sealed[0], open[0]])
          if (chunk && chunk.row < first) first = chunk.row
      return first
    },

    /** Results of a monitor, in the order in which they came. */
    of: (monitorId: number): Block => {
      const block = emptyBlock()
      const part = parts.get(partOf(monitorId))
      const monitor = monitorId & (MONITORS - 1)
      for (const chunk of part ? [...part.sealed, ...part.open] : [])
        for (let index = 0; index < chunk.count; index++)
          if (chunk.monitors[index] === monitor) addTo(block, chunk, index)
      return block
    },
  }
}
export type Fresh = ReturnType<typeof createFresh>
