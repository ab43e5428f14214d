import { mixHash } from './hash.ts'

export interface SeenTable {
  /** True when this was seen not long ago; notes it. Two independent hashes of 32 bits tell things apart. */
  see(one: number, other: number): boolean
}

/**
 * Remembers about the latest `2 ** bits` things in eight bytes each, by their hashes. Something else may take a place
 * early, and is then news once more; that two things are held for one is as likely as in a hash of 32 bits and `bits`.
 */
export const createSeenTable = (bits = 17): SeenTable => {
  const ones = new Uint32Array(1 << bits)
  const others = new Uint32Array(1 << bits)
  const mask = (1 << bits) - 1
  return {
    see: (one, other) => {
      const place = mixHash(one ^ (other >>> 7)) & mask
      if (ones[place] === one >>> 0 && others[place] === other >>> 0) return true
      ones[place] = one
      others[place] = other
      return false
    },
  }
}
