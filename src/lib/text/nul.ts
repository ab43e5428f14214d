/**
 * Where a text with the character NUL stands in a value, as a dotted path (a key counts as its place); undefined when
 * there is none. PostgreSQL stores no such text. Never recurses.
 */
export const nulPath = (root: unknown): string | undefined => {
  const open: [value: unknown, path: string][] = [[root, '']]
  for (let next = open.pop(); next; next = open.pop()) {
    const [value, path] = next
    if (typeof value === 'string' && value.includes('\0')) return path
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value)) {
      const at = path === '' ? key : `${path}.${key}`
      if (key.includes('\0')) return at.replaceAll('\0', '\\0')
      if (typeof inner === 'string' ? inner.includes('\0') : typeof inner === 'object') open.push([inner, at])
    }
  }
  return undefined
}
