/** Counts that may be a little low, of the things that are frequent. */
export interface FrequentCounter {
  /** Adds one; answers how often the thing came, at most `1 / width` of all too high. */
  add(key: string): number
  readonly size: number
  clear(): void
}

interface Count {
  seen: number
  /** What may have been missed before it was counted. */
  readonly missed: number
}

/**
 * Lossy counting: of a stream without end, keeps what comes more often than once in `width` things, in memory of the
 * order of `width`. Manku, Motwani, "Approximate frequency counts over data streams", VLDB 2002.
 */
export const createFrequentCounter = (width: number): FrequentCounter => {
  const counts = new Map<string, Count>()
  let total = 0
  return {
    add: (key) => {
      const bucket = Math.floor(total++ / width)
      let count = counts.get(key)
      if (count) count.seen++
      else {
        count = { seen: 1, missed: bucket }
        counts.set(key, count)
      }
      if (total % width === 0)
        for (const [rare, one] of counts) if (one.seen + one.missed <= bucket + 1) counts.delete(rare)
      return count.seen + count.missed
    },
    get size() {
      return counts.size
    },
    clear: () => {
      counts.clear()
      total = 0
    },
  }
}
