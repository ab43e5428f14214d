/** How files begin that are neither text nor packed with gzip. */
const FORMS: readonly (readonly [string, readonly number[]])[] = [
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['UTF-16', [0xff, 0xfe]],
  ['UTF-16', [0xfe, 0xff]],
]

/** What a file is written in, by its first bytes, where that is neither text nor gzip: `xz`, `UTF-16`. */
export const foreignForm = (beginning: Uint8Array): string | undefined =>
  FORMS.find(([, magic]) => magic.every((byte, index) => beginning[index] === byte))?.[0]
