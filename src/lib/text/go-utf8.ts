const FIRST = [0x80, 0xa0, 0x90] as const
const LAST = [0xbf, 0x9f, 0x8f] as const

/** How many bytes the character at a place has in UTF-8; 0 where there is none. */
const lengthAt = (bytes: Uint8Array, at: number): number => {
  const head = bytes[at]!
  if (head < 0x80) return 1
  const length = head >= 0xc2 && head < 0xe0 ? 2 : head >= 0xe0 && head < 0xf0 ? 3 : head >= 0xf0 && head < 0xf5 ? 4 : 0
  if (length === 0 || at + length > bytes.length) return 0
  const [least, most] = [
    head === 0xe0 ? FIRST[1] : head === 0xf0 ? FIRST[2] : FIRST[0],
    head === 0xed ? LAST[1] : head === 0xf4 ? LAST[2] : LAST[0],
  ]
  if (bytes[at + 1]! < least || bytes[at + 1]! > most) return 0
  for (let next = at + 2; next < at + length; next++) if ((bytes[next]! & 0xc0) !== 0x80) return 0
  return length
}

export interface Decoded {
  readonly text: string
  /** Where each unit of the text begins among the bytes, and where the last one ends. */
  readonly offsets: readonly number[]
}

/**
 * Bytes that are no UTF-8 as programs in Go read them: each byte that belongs to no character is a U+FFFD of its own, of
 * which a decoder of the web makes fewer.
 */
export const decodeAsGo = (bytes: Buffer): Decoded => {
  let text = ''
  const offsets: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = lengthAt(bytes, at)
    const character = length === 0 ? '\ufffd' : bytes.toString('utf8', at, at + length)
    for (let unit = 0; unit < character.length; unit++) offsets.push(at)
    text += character
    at += length || 1
  }
  offsets.push(bytes.length)
  return { text, offsets }
}
