import { mixHash } from './hash.ts'

/** Moments and sizes, at most 65,535, of the first few times that a thing was seen. */
interface Sighting {
  readonly times: readonly number[]
  readonly sizes: readonly number[]
}

/**
 * Counts how often each of millions of things was seen, up to four times, in twenty bytes a slot. A thing that is seen that
 * often is handed out with what was noted of it; from then on the table only remembers that, and a tag for it. Who is not seen again for
 * half a day begins anew.
 */
export interface SightingTable {
  /**
   * Notes one sighting of the thing with this hash (45 bits of it count); `second` in whole seconds since the epoch. Answers the
   * earlier sightings when this one is the fourth, `promoted` after that, and before it undefined.
   */
  see(low: number, high: number, second: number, size: number): Sighting | 'promoted' | undefined
  /** Whether the thing that was seen last had never been seen before. */
  readonly isFirst: boolean
  /** The tag of the thing that was seen last and is promoted; 0 for none. */
  readonly tag: number
  /** Gives the thing that was seen last, and is promoted, a tag. */
  attach(tag: number): void
  readonly size: number
  /** Things that had to be forgotten for want of room. */
  forgotten(): number
  /** Forgets what was last seen before `second`. */
  forgetBefore(second: number): void
}

/** Sightings that are noted; the next one promotes. */
const KEPT = 3
const PROMOTED = KEPT + 1
const LARGEST_SIZE = 0xffff
/** Later sightings are noted as seconds from the first: so much before it, and up to 2 ** 16 in all. */
const BEFORE = 1 << 14
const SPAN = 1 << 16

/** Words of a slot: key, first time, two offsets, two sizes, and a size, a count and the rest of the key. */
const WORDS = 5
const SLOTS = 4096
const FULL = SLOTS * 0.78
const KEY_BITS = 0x1fff

/** All parts are of one size: who grows takes one more, and what others gave back fits. */
interface Part {
  readonly words: Uint32Array
  size: number
  /** How many of the highest bits of their hash the things in it share. */
  depth: number
}

const newPart = (depth: number): Part => ({ words: new Uint32Array(SLOTS * WORDS), size: 0, depth })

const countAt = (words: Uint32Array, at: number): number => (words[at + 4]! >>> 13) & 7

const lastTime = (words: Uint32Array, at: number): number => {
  const first = words[at + 1]!
  const count = countAt(words, at)
  if (count === 1 || count === PROMOTED) return first
  const offsets = words[at + 2]!
  return first + (count === 2 ? offsets & 0xffff : offsets >>> 16) - BEFORE
}

const hashAt = (words: Uint32Array, at: number): number => mixHash(words[at]! ^ (words[at + 4]! & KEY_BITS))

/** Where a key stands in a part, or the free slot where it belongs. */
const find = (words: Uint32Array, hash: number, low: number, rest: number): number => {
  let slot = hash & (SLOTS - 1)
  for (;;) {
    const at = slot * WORDS
    const last = words[at + 4]!
    if (last === 0 || (words[at] === low && (last & KEY_BITS) === rest)) return at
    slot = (slot + 1) & (SLOTS - 1)
  }
}

const copyTo = (part: Part, words: Uint32Array, at: number): void => {
  const to = find(part.words, hashAt(words, at), words[at]!, words[at + 4]! & KEY_BITS)
  for (let word = 0; word < WORDS; word++) part.words[to + word] = words[at + word]!
  part.size++
}

/** An empty table. `mostSlots`: of all parts together. */
export const createSightingTable = (mostSlots = 1 << 21): SightingTable => {
  /** By the highest bits of the hash; a part that is less deep stands there several times (extendible hashing). */
  let parts: Part[] = [newPart(0)]
  let depth = 0
  let partCount = 1
  let forgotten = 0
  let isFirst = false
  let seenWords = parts[0]!.words
  let seenAt = 0

  const indexOf = (hash: number): number => (depth === 0 ? 0 : hash >>> (32 - depth))

  /** What a part held while it is filled anew: no memory is thrown away. */
  const scratch = new Uint32Array(SLOTS * WORDS)

  const emptied = (part: Part): Uint32Array => {
    scratch.set(part.words)
    part.words.fill(0)
    part.size = 0
    return scratch
  }

  const keep = (part: Part, fromSecond: number): void => {
    const words = emptied(part)
    for (let at = 0; at < words.length; at += WORDS)
      if (words[at + 4] !== 0 && lastTime(words, at) >= fromSecond) copyTo(part, words, at)
  }

  const split = (part: Part): void => {
    if (part.depth === depth) {
      parts = parts.flatMap((one) => [one, one])
      depth++
    }
    const bit = 31 - part.depth
    part.depth++
    const other = newPart(part.depth)
    const words = emptied(part)
    for (let at = 0; at < words.length; at += WORDS)
      if (words[at + 4] !== 0) copyTo(((hashAt(words, at) >>> bit) & 1) === 0 ? part : other, words, at)
    parts = parts.map((one, index) => (one === part && ((index >>> (depth - part.depth)) & 1) === 1 ? other : one))
    partCount++
  }

  /** At the limit of all parts only what is recent stays: half of the age again and again until half is free. */
  const thin = (part: Part, now: number): void => {
    const before = part.size
    for (let age = 43_200; part.size > FULL * 0.5 && age >= 1; age = Math.floor(age / 2)) keep(part, now - age)
    if (part.size > FULL * 0.5) keep(part, Number.POSITIVE_INFINITY)
    forgotten += before - part.size
  }

  const roomFor = (hash: number, now: number): Part => {
    let part = parts[indexOf(hash)]!
    while (part.size >= FULL) {
      if (partCount * SLOTS < mostSlots) split(part)
      else thin(part, now)
      part = parts[indexOf(hash)]!
    }
    return part
  }

  const begin = (words: Uint32Array, at: number, second: number, bytes: number): undefined => {
    words[at + 1] = second
    words[at + 2] = 0
    words[at + 3] = bytes
    words[at + 4] = (words[at + 4]! & KEY_BITS) | (1 << 13)
    return undefined
  }

  const promote = (words: Uint32Array, at: number, second: number): Sighting => {
    const [first, offsets, sizes, last] = [words[at + 1]!, words[at + 2]!, words[at + 3]!, words[at + 4]!]
    words[at + 1] = second
    words[at + 2] = 0
    words[at + 4] = (last & KEY_BITS) | (PROMOTED << 13)
    return {
      times: [first, first + (offsets & 0xffff) - BEFORE, first + (offsets >>> 16) - BEFORE],
      sizes: [sizes & 0xffff, sizes >>> 16, last >>> 16],
    }
  }

  return {
    see: (low, high, second, bytes) => {
      const key = low >>> 0
      const rest = (high >>> 0) & KEY_BITS
      const hash = mixHash(key ^ rest)
      const { words } = roomFor(hash, second)
      const at = find(words, hash, key, rest)
      seenWords = words
      seenAt = at
      const last = words[at + 4]!
      isFirst = last === 0
      const size = bytes < LARGEST_SIZE ? bytes : LARGEST_SIZE
      if (isFirst) {
        parts[indexOf(hash)]!.size++
        words[at] = key
        words[at + 4] = rest
        return begin(words, at, second, size)
      }
      const count = (last >>> 13) & 7
      if (count === PROMOTED) {
        words[at + 1] = second
        return 'promoted'
      }
      if (count === KEPT) return promote(words, at, second)
      const offset = second - words[at + 1]! + BEFORE
      if (offset < 0 || offset >= SPAN) return begin(words, at, second, size)
      if (count === 1) {
        words[at + 2] = offset
        words[at + 3]! |= size << 16
        words[at + 4] = last + (1 << 13)
      } else {
        words[at + 2]! |= offset << 16
        words[at + 4] = ((last + (1 << 13)) | (size << 16)) >>> 0
      }
      return undefined
    },
    get isFirst() {
      return isFirst
    },
    get tag() {
      return seenWords[seenAt + 2]!
    },
    attach: (tag) => {
      seenWords[seenAt + 2] = tag
    },
    get size() {
      return new Set(parts).values().reduce((sum, part) => sum + part.size, 0)
    },
    forgotten: () => forgotten,
    forgetBefore: (second) => {
      for (const part of new Set(parts)) keep(part, second)
    },
  }
}
