/** Where a `Location` leads, whose bytes beyond ASCII go on as they came; undefined for what is no address. An empty one is none. */
export const redirectPlace = (location: string, from: URL): URL | undefined => {
  const written = location.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)
  return written === '' ? undefined : (URL.parse(written, from) ?? undefined)
}
