/** Edit distance of two texts (Levenshtein), for short names only. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}

/** The known name that a wrong one was probably meant to be; undefined when none is close. */
export const nearest = (wrong: string, known: readonly string[]): string | undefined => {
  const near = known
    .filter((name) => name.length < 64 && wrong.length < 64)
    .map((name) => ({ name, far: distance(wrong.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)[0]
  return near && near.far <= Math.max(2, Math.floor(near.name.length / 3)) ? near.name : undefined
}
