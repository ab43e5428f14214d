import { mixHash } from './hash.ts'

/** Counts how often things come, to find those that come very often, in fixed memory. */
export interface FrequentCounter {
  /** Adds one to a thing, by its 32-bit hash. Answers its count, a little high where things share a cell. */
  add(hash: number): number
  clear(): void
}

const CELLS = 1 << 16

/**
 * A count-min sketch of two rows: what a thing shares a cell with in one row, it hardly does in the other.
 * Cormode, Muthukrishnan, "An improved data stream summary", Journal of Algorithms 55(1), 2005.
 */
export const createFrequentCounter = (): FrequentCounter => {
  const first = new Uint32Array(CELLS)
  const second = new Uint32Array(CELLS)
  return {
    add: (hash) => {
      const one = ++first[hash & (CELLS - 1)]!
      const other = ++second[mixHash(hash) & (CELLS - 1)]!
      return one < other ? one : other
    },
    clear: () => {
      first.fill(0)
      second.fill(0)
    },
  }
}
