import type { ConnRecord } from '#core/event/zeek-record.ts'
import { hashText, mixHash } from '#lib/sketch/hash.ts'
import { PORT } from './flow-shape.ts'

const CELLS = 1 << 14
const ROWS = 3
/** What a site does is learned over a week, and forgotten in two. */
const FORGETS_IN_MS = 7 * 86_400_000
const FORGETS_STEP_MS = 6 * 3_600_000
/** From how many connections on anything is said. */
const ENOUGH = 2000

/** How unusual a connection is at this site; it learns as it goes, in fixed memory. */
export interface Novelty {
  /** From 0, an everyday matter here, to 1, never seen; null while it is still learning. */
  see(conn: ConnRecord, row: Float32Array): number | null
}

/** Counts shapes of connections in a sketch: who calls what kind of door, how it came out, and about how much passed. */
export const createNovelty = (): Novelty => {
  const counts = new Float32Array(CELLS * ROWS)
  let total = 0
  let lastMs = 0
  const forget = (timeMs: number) => {
    if (lastMs === 0) lastMs = timeMs
    if (timeMs - lastMs < FORGETS_STEP_MS) return
    const left = Math.exp(-Math.min(timeMs - lastMs, FORGETS_IN_MS * 4) / FORGETS_IN_MS)
    for (let cell = 0; cell < counts.length; cell++) counts[cell]! *= left
    total *= left
    lastMs = timeMs
  }
  return {
    see: (conn, row) => {
      forget(conn.timeMs)
      const port = row[10] === PORT.high ? PORT.high : conn.serverPort
      const shape =
        port * 4096 + row[8]! * 512 + row[7]! * 128 + (Math.round(row[1]! / 2) & 7) * 8 + (Math.round(row[2]! / 2) & 7)
      const hash = hashText(conn.clientIp, mixHash(shape))
      let least = Number.POSITIVE_INFINITY
      for (let line = 0; line < ROWS; line++) {
        const cell = line * CELLS + (mixHash(hash + line * 0x9e3779b1) & (CELLS - 1))
        if (counts[cell]! < least) least = counts[cell]!
        counts[cell]! += 1
      }
      total++
      if (total < ENOUGH) return null
      return Math.round(Math.exp(-least / 4) * 100) / 100
    },
  }
}
