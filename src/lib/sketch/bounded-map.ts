/** A map that forgets what was not set for longest; it holds at least `most` entries and never twice as many. */
export interface BoundedMap<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V): void
  delete(key: K): void
  /** Oldest first. */
  entries(): readonly (readonly [K, V])[]
}

/**
 * Two maps, the older of which is dropped whole: deleting the first key of one map again and again would cost a walk over
 * all that were deleted before it.
 */
export const createBoundedMap = <K, V>(most: number, initial: Iterable<readonly [K, V]> = []): BoundedMap<K, V> => {
  let older = new Map<K, V>()
  let newer = new Map<K, V>()
  const bounded: BoundedMap<K, V> = {
    get: (key) => newer.get(key) ?? older.get(key),
    set: (key, value) => {
      newer.set(key, value)
      if (newer.size < most) return
      older = newer
      newer = new Map()
    },
    delete: (key) => {
      newer.delete(key)
      older.delete(key)
    },
    entries: () => [...[...older].filter(([key]) => !newer.has(key)), ...newer],
  }
  for (const [key, value] of initial) bounded.set(key, value)
  return bounded
}
