import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { loadZlib } from '../run/load-zlib.ts'

/** By RFC 9110 deflate has zlib's head; some servers leave it out. */
const hasZlibHead = (bytes: Buffer): boolean => (bytes[0]! & 15) === 8 && ((bytes[0]! << 8) | bytes[1]!) % 31 === 0

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Duplex>> = {
  gzip: () => loadZlib().createGunzip(),
  'x-gzip': () => loadZlib().createGunzip(),
  br: () => loadZlib().createBrotliDecompress(),
  deflate: (bytes) => (hasZlibHead(bytes) ? loadZlib().createInflate() : loadZlib().createInflateRaw()),
  zstd: () => loadZlib().createZstdDecompress(),
}
/** Each costs as much as the first; nobody sends more. */
const MOST_LAYERS = 3

export interface Decoded {
  readonly bytes: Buffer
  /** There is more than the limit. */
  readonly more: boolean
}

/** The encodings of a body in the order in which they were applied. */
export const encodingsOf = (header: readonly string[] | undefined): readonly string[] =>
  header === undefined
    ? []
    : header
        .join(',')
        .split(',')
        .map((one) => one.trim().toLowerCase())
        .filter((one) => one !== '' && one !== 'identity')

const decodeLayer = async (
  encoding: string,
  bytes: Buffer,
  cut: boolean,
  limit: number,
): Promise<Decoded | undefined> => {
  const make = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined
  if (!make) return undefined
  if (bytes.length === 0) return { bytes, more: false }
  const stream = make(bytes)
  const parts: Buffer[] = []
  let size = 0
  stream.on('data', (part: Buffer) => {
    parts.push(part)
    size += part.length
    if (size > limit) stream.destroy()
  })
  stream.end(bytes)
  try {
    await once(stream, 'close')
  } catch {
    // Of a body that was cut, what came of it can be read.
    if (!cut || size === 0) return undefined
  }
  return { bytes: Buffer.concat(parts).subarray(0, limit), more: size > limit }
}

/**
 * A body without its encodings, at most `limit` bytes of it. `cut`: these bytes are only its beginning. A name of an
 * encoding that is not known, or that the bytes do not follow, comes back as it is.
 */
export const decodeContent = async (
  encodings: readonly string[],
  body: Buffer,
  cut: boolean,
  limit: number,
): Promise<Decoded | string> => {
  if (encodings.length > MOST_LAYERS) return encodings.join(', ')
  let decoded: Decoded = { bytes: body, more: cut }
  for (const encoding of encodings.toReversed()) {
    const layer = await decodeLayer(encoding, decoded.bytes, decoded.more, limit)
    if (!layer) return encoding
    decoded = { bytes: layer.bytes, more: decoded.more || layer.more }
  }
  return decoded
}
