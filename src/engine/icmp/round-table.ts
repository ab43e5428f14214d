import { doubled } from '#lib/sketch/doubled.ts'

const FIRST_ROWS = 256
const FIRST_PACKETS = 1024

/** Times of the packets of a round, in a block whose size is the next power of two. */
const sizeClass = (packets: number): number => 32 - Math.clz32(packets - 1)

/**
 * Rounds under way as rows of typed arrays. A row is taken when a round begins and given back at its end; its generation
 * tells a late packet of an earlier round from one of the present.
 */
export const createRoundTable = () => {
  const freeRows: number[] = []
  const freeBlocks: number[][] = Array.from({ length: 9 }, () => [])
  let rows = 0
  let packetsUsed = 0

  const table = {
    /** Packets sent so far. */
    sent: new Uint8Array(FIRST_ROWS),
    packets: new Uint8Array(FIRST_ROWS),
    /** Packets that have neither a reply nor an end of waiting. */
    open: new Uint8Array(FIRST_ROWS),
    /** Counts the rounds of a row, 24 bits. */
    generation: new Uint32Array(FIRST_ROWS),
    /** Where the row's packets begin in `sentAt` and `rtts`. */
    block: new Int32Array(FIRST_ROWS),
    /** 1 while the row waits in the send queue. */
    queued: new Uint8Array(FIRST_ROWS),
    active: new Uint8Array(FIRST_ROWS),
    /** 1 while the next packet waits for the moment that pacing has given it. */
    paced: new Uint8Array(FIRST_ROWS),
    /** Wall clock, ms; -Infinity once nothing more is awaited. */
    sentAt: new Float64Array(FIRST_PACKETS),
    /** Milliseconds; NaN until answered. */
    rtts: new Float64Array(FIRST_PACKETS),

    take: (packets: number): number => {
      const row = freeRows.pop() ?? rows++
      if (row >= table.sent.length) growRows()
      const size = sizeClass(packets)
      const block = freeBlocks[size]!.pop() ?? newBlock(2 ** size)
      table.block[row] = block
      table.packets[row] = packets
      table.sent[row] = 0
      table.open[row] = 0
      table.active[row] = 1
      table.paced[row] = 0
      table.generation[row] = (table.generation[row]! + 1) & 0xffffff
      for (let packet = block; packet < block + packets; packet++) {
        table.rtts[packet] = Number.NaN
        table.sentAt[packet] = Number.NEGATIVE_INFINITY
      }
      return row
    },

    give: (row: number): void => {
      table.active[row] = 0
      freeBlocks[sizeClass(table.packets[row]!)]!.push(table.block[row]!)
      freeRows.push(row)
    },

    /** Moves the beginning of every wait, when the system's clock was set. */
    shift: (ms: number): void => {
      for (let packet = 0; packet < packetsUsed; packet++) table.sentAt[packet]! += ms
    },
    size: (): number => rows,
  }

  const growRows = () => {
    for (const key of ['sent', 'packets', 'open', 'queued', 'active', 'paced'] as const)
      table[key] = doubled(table[key])
    table.generation = doubled(table.generation)
    table.block = doubled(table.block)
  }

  const newBlock = (size: number): number => {
    const block = packetsUsed
    packetsUsed += size
    while (packetsUsed > table.rtts.length) {
      table.rtts = doubled(table.rtts)
      table.sentAt = doubled(table.sentAt)
    }
    return block
  }

  return table
}
export type RoundTable = ReturnType<typeof createRoundTable>
