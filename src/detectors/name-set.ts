/** True for a name in the set, and for every name below one: `www.example.com` for `example.com`. */
export type HasName = (name: string) => boolean

export const createNameSet = (names: Iterable<string>): HasName => {
  const set = new Set([...names].map((name) => name.toLowerCase()))
  return (name) => {
    for (let from = 0; ; ) {
      if (set.has(from === 0 ? name : name.slice(from))) return true
      const dot = name.indexOf('.', from)
      if (dot < 0) return false
      from = dot + 1
    }
  }
}
