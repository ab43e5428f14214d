/** Ids that are drawn by lot are told apart by their last characters. */
const TELLING = 8

export interface SeenTable {
  /** True when a text that ends like this one was seen not long ago, with the same `detail`; notes it. */
  see(text: string, detail?: number): boolean
}

/**
 * Remembers about the latest `2 ** bits` texts in four bytes each. Something else may take a place early, and is then news
 * once more; that two texts are held for one is as likely as in a hash of 32 bits and `bits`.
 */
export const createSeenTable = (bits = 17): SeenTable => {
  const tags = new Uint32Array(1 << bits)
  return {
    see: (text, detail = 0) => {
      // Two hashes in one pass: one says where, the other what.
      let where = 0x811c9dc5 ^ detail
      let what = 0x9747b28c + detail
      for (let index = Math.max(0, text.length - TELLING); index < text.length; index++) {
        const code = text.charCodeAt(index)
        where = Math.imul(where ^ code, 0x01000193)
        what = Math.imul(what, 0x85ebca6b) + code
      }
      where ^= where >>> 15
      what = (what ^ (what >>> 13)) >>> 0 || 1
      const place = (where >>> 0) & (tags.length - 1)
      if (tags[place] === what) return true
      tags[place] = what
      return false
    },
  }
}
