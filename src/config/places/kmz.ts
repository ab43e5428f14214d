import { loadZlib } from '#lib/run/load-zlib.ts'

const END = 0x06054b50
const ENTRY = 0x02014b50
const FILE = 0x04034b50
const MOST_ENTRIES = 1000
/** What a file of a few megabytes may become, and no more. */
const LARGEST = 10_000_000

/** True for an archive, by its first bytes. */
export const isZip = (bytes: Buffer): boolean => bytes.length > 22 && bytes.readUInt32LE(0) === FILE

/**
 * The first KML file of an archive (a KMZ), in memory and within a size: nothing is written, and no name of the archive is
 * a path of this machine. Undefined where it holds none, or more than is taken.
 */
export const kmlInside = (bytes: Buffer): string | undefined => {
  try {
    // The end stands within the last 64 KiB, behind a comment at most.
    const from = Math.max(0, bytes.length - 65_557)
    const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
    if (end < from || bytes.readUInt32LE(end) !== END) return undefined
    const count = Math.min(bytes.readUInt16LE(end + 10), MOST_ENTRIES)
    let at = bytes.readUInt32LE(end + 16)
    for (let index = 0; index < count && bytes.readUInt32LE(at) === ENTRY; index++) {
      const method = bytes.readUInt16LE(at + 10)
      const packed = bytes.readUInt32LE(at + 20)
      const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
        number,
        number,
        number,
      ]
      const local = bytes.readUInt32LE(at + 42)
      if (/\.kml$/i.test(bytes.toString('latin1', at + 46, at + 46 + name))) {
        const data = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
        const content = bytes.subarray(data, data + packed)
        if (method === 0) return content.toString('utf8')
        return method === 8
          ? loadZlib().inflateRawSync(content, { maxOutputLength: LARGEST }).toString('utf8')
          : undefined
      }
      at += 46 + name + extra + comment
    }
    return undefined
  } catch (error) {
    // What leads beyond its end, is no archive, or becomes too large.
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).code !== undefined) return undefined
    throw error
  }
}
