import { createBreath } from '#lib/run/breath.ts'

export interface Walk<One> {
  /** Where it begins: this id and what is older. */
  readonly newest: number
  /** Where it ends. */
  readonly oldest: number
  /** So many ids are read in one go, which keeps the thread for a few ms. */
  readonly step: number
  /** So many ids are looked at in one walk: what is left begins at `next`. */
  readonly most: number
  /** So many are found in one walk. */
  readonly limit: number
  /** Those from `first` to `last`, newest first. */
  read(first: number, last: number): Promise<readonly One[]>
  fits(one: One): boolean
  /** About the bytes that an answer with it has. */
  weigh(one: One): number
}

export interface Walked<One> {
  readonly items: readonly One[]
  /** Ids below this one were not looked at; null where there are none. */
  readonly next: number | null
}

/** Others have their turn after so long. */
const STRETCH_MS = 5

/** What one walk brings at most, unless the first alone is more. */
const MOST_BYTES = 2 * 1024 * 1024

/** Looks for what no index knows, newest first and a part at a time, so that everything else goes on meanwhile. */
export const walkBack = async <One extends { readonly id: number }>(walk: Walk<One>): Promise<Walked<One>> => {
  const { newest, oldest, step, most, limit, read, fits, weigh } = walk
  const items: One[] = []
  const breath = createBreath(STRETCH_MS)
  let bytes = 0
  const end = Math.max(oldest, newest - most + 1)
  for (let last = newest; last >= end; last -= step) {
    const first = Math.max(last - step + 1, end)
    for (const one of await read(first, last)) {
      if (!fits(one)) continue
      bytes += weigh(one)
      if (items.length > 0 && bytes > MOST_BYTES) return { items, next: one.id + 1 }
      items.push(one)
      if (items.length === limit) return { items, next: one.id > oldest ? one.id : null }
    }
    await breath()
  }
  return { items, next: end > oldest ? end : null }
}
