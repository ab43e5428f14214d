/** A map of at most `most` entries that forgets the one untouched for longest. */
export interface RecentMap<Key, Value> {
  get(key: Key): Value | undefined
  /** Reads and counts as touched. */
  touch(key: Key): Value | undefined
  set(key: Key, value: Value): void
  delete(key: Key): void
  values(): IterableIterator<Value>
  entries(): IterableIterator<[Key, Value]>
  /** Entries that were pushed out by newer ones. */
  forgotten(): number
  readonly size: number
}

/** A map of at most so many keys; `onForget` hears of each that gave way, with its value. */
export const createRecentMap = <Key, Value>(
  most: number,
  onForget: (key: Key, value: Value) => void = () => {},
): RecentMap<Key, Value> => {
  const map = new Map<Key, Value>()
  // One iterator for good: a fresh one would step over the holes that deleted entries leave, each time anew.
  let oldestFirst = map.entries()
  let forgotten = 0

  const oldest = (): [Key, Value] => {
    const next = oldestFirst.next()
    if (!next.done) return next.value
    oldestFirst = map.entries()
    return oldestFirst.next().value!
  }

  return {
    get: (key) => map.get(key),
    touch: (key) => {
      const value = map.get(key)
      if (value === undefined) return undefined
      map.delete(key)
      map.set(key, value)
      return value
    },
    set: (key, value) => {
      map.delete(key)
      map.set(key, value)
      if (map.size <= most) return
      const [first, dropped] = oldest()
      map.delete(first)
      forgotten++
      onForget(first, dropped)
    },
    delete: (key) => map.delete(key),
    values: () => map.values(),
    entries: () => map.entries(),
    forgotten: () => forgotten,
    get size() {
      return map.size
    },
  }
}
