import { mixHash } from './hash.ts'

/** Moments and sizes, at most 65,535, of the first few times that a thing was seen. */
interface Sighting {
  readonly times: readonly number[]
  readonly sizes: readonly number[]
}

/**
 * Counts how often each of millions of things was seen, up to `promoteAt` times, in typed arrays: some 27 bytes a slot.
 * A thing that is seen that often is handed out with what was noted of it; from then on the table only remembers that.
 */
export interface SightingTable {
  /**
   * Notes one sighting of the thing with this 64-bit hash; `second` in whole seconds since the epoch. Answers the
   * earlier sightings when this one makes `promoteAt`, `promoted` after that, and before it undefined.
   */
  see(low: number, high: number, second: number, size: number): Sighting | 'promoted' | undefined
  readonly size: number
  /** Things that had to be forgotten for want of room. */
  forgotten(): number
  /** Forgets what was last seen before `second`. */
  forgetBefore(second: number): void
}

const LARGEST_SIZE = 0xffff
const FIRST_SLOTS = 1024
const GROWTH = 1.4
const FULL = 0.7

/** Parts that grow one at a time, so that copying never needs the memory of the whole table twice. */
const PARTS = 16

/**
 * An empty table. `promoteAt`: sightings from which a pair counts as often seen; `mostSlots`: of all parts together.
 */
export const createSightingTable = (promoteAt: number, mostSlots = 1 << 21): SightingTable => {
  const parts = Array.from({ length: PARTS }, () => createPart(promoteAt, mostSlots / PARTS))
  return {
    see: (low, high, second, bytes) => parts[(high >>> 0) % PARTS]!.see(low, high, second, bytes),
    get size() {
      return parts.reduce((sum, part) => sum + part.size, 0)
    },
    forgotten: () => parts.reduce((sum, part) => sum + part.forgotten(), 0),
    forgetBefore: (second) => {
      for (const part of parts) part.forgetBefore(second)
    },
  }
}

const createPart = (promoteAt: number, mostSlots: number): SightingTable => {
  const kept = promoteAt - 1
  let slots = FIRST_SLOTS
  let size = 0
  let forgotten = 0
  let arrays = allocate(slots, kept)

  /** The slot of a key, or the free one where it belongs. Keys are told apart by 64 bits of hash. */
  const find = (low: number, high: number): number => {
    const { lows, highs, counts } = arrays
    let slot = Math.floor((mixHash(low ^ high) / 2 ** 32) * slots)
    while (counts[slot] !== 0 && (lows[slot] !== low >>> 0 || highs[slot] !== high >>> 0))
      slot = slot + 1 === slots ? 0 : slot + 1
    return slot
  }

  const rebuild = (newSlots: number, keepFrom: number) => {
    const old = arrays
    arrays = allocate(newSlots, kept)
    slots = newSlots
    size = 0
    for (let from = 0; from < old.counts.length; from++) {
      const count = old.counts[from]!
      const last = Math.min(count, kept) - 1
      if (count === 0 || old.times[from * kept + last]! < keepFrom) continue
      const to = find(old.lows[from]!, old.highs[from]!)
      arrays.lows[to] = old.lows[from]!
      arrays.highs[to] = old.highs[from]!
      arrays.counts[to] = count
      for (let index = 0; index <= last; index++) {
        arrays.times[to * kept + index] = old.times[from * kept + index]!
        arrays.sizes[to * kept + index] = old.sizes[from * kept + index]!
      }
      size++
    }
  }

  /** More room, or at its limit only what is recent: half of the age again and again until half is free. */
  const makeRoom = (now: number) => {
    if (slots < mostSlots) return rebuild(Math.min(mostSlots, Math.floor(slots * GROWTH)), 0)
    const before = size
    for (let age = 43_200; size > slots * FULL * 0.5 && age >= 1; age = Math.floor(age / 2)) rebuild(slots, now - age)
    if (size > slots * FULL * 0.5) rebuild(slots, Number.POSITIVE_INFINITY)
    forgotten += before - size
  }

  return {
    see: (low, high, second, bytes) => {
      if (size >= slots * FULL) makeRoom(second)
      const slot = find(low, high)
      const count = arrays.counts[slot]!
      const base = slot * kept
      if (count >= kept) {
        const sighting =
          count === kept
            ? {
                times: [...arrays.times.subarray(base, base + kept)],
                sizes: [...arrays.sizes.subarray(base, base + kept)],
              }
            : 'promoted'
        arrays.counts[slot] = kept + 1
        arrays.times[base + kept - 1] = second
        return sighting
      }
      if (count === 0) {
        arrays.lows[slot] = low
        arrays.highs[slot] = high
        size++
      }
      arrays.counts[slot] = count + 1
      arrays.times[base + count] = second
      arrays.sizes[base + count] = Math.min(bytes, LARGEST_SIZE)
      return undefined
    },
    get size() {
      return size
    },
    forgotten: () => forgotten,
    forgetBefore: (second) => rebuild(slots, second),
  }
}

const allocate = (slots: number, kept: number) => ({
  lows: new Uint32Array(slots),
  highs: new Uint32Array(slots),
  counts: new Uint8Array(slots),
  times: new Uint32Array(slots * kept),
  sizes: new Uint16Array(slots * kept),
})
