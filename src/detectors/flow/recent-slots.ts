const WAYS = 4

/**
 * Finds places for things by a 32-bit hash, of a fixed number: where there is none left among the four that a thing may
 * take, the one that was untouched for longest gives way. Callers keep what they know in typed arrays by place.
 */
export interface RecentSlots {
  /** The place of a thing; `fresh` afterwards says that it was not there. */
  place(hash: number, timeS: number): number
  readonly fresh: boolean
  readonly size: number
  forgotten(): number
}

/** `places` is a power of two. */
export const createRecentSlots = (places: number): RecentSlots => {
  const tags = new Uint32Array(places)
  const touched = new Float64Array(places).fill(Number.NEGATIVE_INFINITY)
  const sets = places / WAYS - 1
  let fresh = false
  let size = 0
  let forgotten = 0
  return {
    place: (hash, timeS) => {
      const first = (hash & sets) * WAYS
      let oldest = first
      for (let at = first; at < first + WAYS; at++) {
        if (tags[at] === hash && touched[at]! > Number.NEGATIVE_INFINITY) {
          if (timeS > touched[at]!) touched[at] = timeS
          fresh = false
          return at
        }
        if (touched[at]! < touched[oldest]!) oldest = at
      }
      if (touched[oldest] === Number.NEGATIVE_INFINITY) size++
      else forgotten++
      tags[oldest] = hash
      touched[oldest] = timeS
      fresh = true
      return oldest
    },
    get fresh() {
      return fresh
    },
    get size() {
      return size
    },
    forgotten: () => forgotten,
  }
}
