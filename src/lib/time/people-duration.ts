const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const

/**
 * A duration for people with at most `parts` units, largest first: 9,066,000 ms is `2 h 31 m 06 s`. Units are the same
 * in both languages.
 */
export const peopleDuration = (ms: number, parts = 2): string => {
  let rest = Math.max(0, Math.round(ms / 1000))
  const found: string[] = []
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (found.length === 0 && count === 0 && unit !== 's') continue
    if (found.length >= parts) break
    found.push(`${unit === 's' && found.length > 0 ? String(count).padStart(2, '0') : count} ${unit}`)
  }
  // A trailing nought says nothing: 2 h, not 2 h 0 m.
  while (found.length > 1 && /^0+ /.test(found.at(-1)!)) found.pop()
  return found.join(' ')
}
