import { latin1 } from '#lib/text/latin1.ts'

/** Slots; addresses and states of one log seldom need more. */
const SLOTS = 1 << 14
/** Longer texts are rarely repeated. */
const LONGEST = 40
/** So many bytes stand whole in two numbers. */
const SHORT = 8
const LEAST_ADDRESS = 7
const LONGEST_ADDRESS = 15
const DOT = 46
const ZERO = 48

export type ReadText = (bytes: Buffer, start: number, end: number) => string

const slotOf = (hash: number): number => {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 13)) & (SLOTS - 1)
}

/** An IPv4 address in its one way to be written as a number; -1 for anything else. */
const addressAt = (bytes: Buffer, start: number, end: number): number => {
  let address = 0
  let octet = -1
  let dots = 0
  for (let index = start; index < end; index++) {
    const byte = bytes[index]!
    if (byte === DOT) {
      if (octet < 0) return -1
      address = address * 256 + octet
      octet = -1
      dots++
      continue
    }
    const digit = byte - ZERO
    // A zero in front would be another text for the same address.
    if (digit < 0 || digit > 9 || octet === 0) return -1
    octet = octet < 0 ? digit : octet * 10 + digit
    if (octet > 255) return -1
  }
  return dots === 3 && octet >= 0 ? address * 256 + octet : -1
}

/**
 * Reads texts that come again and again (addresses, states) without making them again: the same bytes give the same
 * string, whose hash is then already known to every map that it is looked up in. Addresses and short texts are known by
 * numbers, longer ones by comparing. `unescaped` makes what a text with a backslash stands for.
 */
export const createTextCache = (unescaped: (text: string) => string): ReadText => {
  const empty = () => new Array<string>(SLOTS).fill('')
  const known = empty()
  const short = empty()
  const lows = new Int32Array(SLOTS)
  const highs = new Int32Array(SLOTS)
  const addresses = empty()
  const numbers = new Float64Array(SLOTS).fill(-1)

  const readAddress = (bytes: Buffer, start: number, end: number, number: number): string => {
    const slot = slotOf(number | 0)
    if (numbers[slot] === number) return addresses[slot]!
    const fresh = latin1(bytes, start, end)
    numbers[slot] = number
    addresses[slot] = fresh
    return fresh
  }

  const readShort = (bytes: Buffer, start: number, end: number): string => {
    let low = 0
    let high = 0
    let all = 0
    for (let index = start; index < end; index++) {
      const byte = bytes[index]!
      all |= byte
      high = (high << 8) | (low >>> 24)
      low = (low << 8) | byte
    }
    if (all > 0x7f) return unescaped(bytes.toString('utf8', start, end))
    const slot = slotOf(low ^ Math.imul(high, 0x9e3779b1))
    const text = short[slot]!
    if (lows[slot] === low && highs[slot] === high && text.length === end - start) return text
    const fresh = latin1(bytes, start, end)
    if (fresh.includes('\\')) return unescaped(fresh)
    lows[slot] = low
    highs[slot] = high
    short[slot] = fresh
    return fresh
  }

  const readLong = (bytes: Buffer, start: number, end: number): string => {
    const length = end - start
    let hash = length
    let all = 0
    for (let index = start; index < end; index++) {
      const byte = bytes[index]!
      all |= byte
      hash = (Math.imul(hash, 31) + byte) | 0
    }
    if (all > 0x7f) return unescaped(bytes.toString('utf8', start, end))
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
    const text = known[slot]!
    if (text.length === length) {
      let same = 0
      while (same < length && text.charCodeAt(same) === bytes[start + same]) same++
      if (same === length) return text
    }
    const fresh = latin1(bytes, start, end)
    if (fresh.includes('\\')) return unescaped(fresh)
    known[slot] = fresh
    return fresh
  }

  return (bytes, start, end) => {
    const length = end - start
    if (length > LONGEST) return unescaped(bytes.toString('utf8', start, end))
    if (length >= LEAST_ADDRESS && length <= LONGEST_ADDRESS) {
      const number = addressAt(bytes, start, end)
      if (number >= 0) return readAddress(bytes, start, end, number)
    }
    return length <= SHORT ? readShort(bytes, start, end) : readLong(bytes, start, end)
  }
}
