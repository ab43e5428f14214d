/** A 32-bit hash of a text (FNV-1a and a final mix), the same on every machine and run. Not for secrets. */
export const hashText = (text: string, seed = 0x811c9dc5): number => {
  let hash = seed | 0
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return mixHash(hash)
}

/** Spreads the bits of a number over all 32 (the finaliser of MurmurHash3); unsigned. */
export const mixHash = (value: number): number => {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
