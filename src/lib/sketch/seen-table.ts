export interface SeenTable {
  /** True when this tag was last seen at this place; notes it. The place is cut to what the table holds; a tag is 32 bits. */
  see(place: number, tag: number): boolean
}

/**
 * Remembers the latest tag at each of `2 ** bits` places, in four bytes. Something else may take a place early, and is
 * then news once more; two things are held for one when both their places and their tags agree.
 */
export const createSeenTable = (bits: number): SeenTable => {
  const tags = new Uint32Array(1 << bits)
  const mask = (1 << bits) - 1
  return {
    see: (place, tag) => {
      const at = place & mask
      const known = tag >>> 0 || 1
      if (tags[at] === known) return true
      tags[at] = known
      return false
    },
  }
}
