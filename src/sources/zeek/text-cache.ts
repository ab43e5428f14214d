/** Slots; addresses and states of one log seldom need more. */
const SLOTS = 1 << 14
/** Longer texts are rarely repeated. */
const LONGEST = 40

export type ReadText = (bytes: Buffer, start: number, end: number) => string

/**
 * Reads texts that come again and again (addresses, states) without making them again: the same bytes give the same
 * string, whose hash is then already known to every map that it is looked up in.
 */
export const createTextCache = (): ReadText => {
  const known: string[] = new Array<string>(SLOTS).fill('')
  return (bytes, start, end) => {
    const length = end - start
    if (length > LONGEST) return bytes.toString('utf8', start, end)
    let hash = length
    let all = 0
    for (let index = start; index < end; index++) {
      const byte = bytes[index]!
      all |= byte
      hash = (Math.imul(hash, 31) + byte) | 0
    }
    if (all > 0x7f) return bytes.toString('utf8', start, end)
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
    const text = known[slot]!
    if (text.length === length) {
      let same = 0
      while (same < length && text.charCodeAt(same) === bytes[start + same]) same++
      if (same === length) return text
    }
    const fresh = bytes.toString('latin1', start, end)
    known[slot] = fresh
    return fresh
  }
}
