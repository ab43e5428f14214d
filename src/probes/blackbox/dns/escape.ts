/** How zone files write bytes (RFC 1035, 5.1). */

const decimal = (byte: number): string => `\\${String(byte).padStart(3, '0')}`
const isPlain = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e

/** Bytes as text, the given characters behind a backslash, others than those of ASCII as three digits. */
const escaped = (bytes: Uint8Array, special: string): string => {
  let text = ''
  for (const byte of bytes) {
    const letter = String.fromCharCode(byte)
    text += !isPlain(byte) ? decimal(byte) : special.includes(letter) ? `\\${letter}` : letter
  }
  return text
}

export const escapedLabel = (bytes: Uint8Array): string => escaped(bytes, `. '@;()"\\`)
export const escapedText = (bytes: Uint8Array): string => escaped(bytes, '"\\')
export const escapedParameter = (bytes: Uint8Array): string => escaped(bytes, '"; \\')

/** A protocol in a list of them: what separates them is escaped twice. */
export const escapedProtocol = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => {
    if (byte === 0x2c) return '\\\\\\044'
    return byte === 0x5c ? '\\\\\\092' : escaped([byte] as unknown as Uint8Array, '"; ')
  }).join('')
