import { because } from '#core/cause/cause.ts'
import { loadZlib } from '#lib/run/load-zlib.ts'
import { ArchiveError, damaged, MOST_PACKED_FILES, type PackedFile, tooLarge, unpacked } from './packed-file.ts'

/** Signatures and sizes of APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16. */
const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const END_BYTES = 22
const LONGEST_COMMENT = 65_535
const ENCRYPTED = 1
const UTF8 = 0x800
const STORED = 0
const DEFLATED = 8
/** What a Unix packer says of a link, in the upper half of the external attributes. */
const TYPE_OF_FILE = 0o170000
const LINK = 0o120000

export const isZip = (head: Buffer): boolean =>
  head.length > 4 && (head.readUInt32LE(0) === LOCAL || head.readUInt32LE(0) === END)

const endOf = (bytes: Buffer): number => {
  const first = Math.max(0, bytes.length - END_BYTES - LONGEST_COMMENT)
  for (let at = bytes.length - END_BYTES; at >= first; at--) if (bytes.readUInt32LE(at) === END) return at
  throw damaged('its directory is missing')
}

const within = (bytes: Buffer, at: number, length: number): number => {
  if (at < 0 || length < 0 || at + length > bytes.length) throw damaged('it ends too early')
  return at
}

const contentOf = (bytes: Buffer, at: number): PackedFile['bytes'] => {
  const [method, crc, packed, size] = [
    bytes.readUInt16LE(at + 10),
    bytes.readUInt32LE(at + 16),
    bytes.readUInt32LE(at + 20),
    bytes.readUInt32LE(at + 24),
  ]
  const local = bytes.readUInt32LE(at + 42)
  return (most) => {
    if (size > most) throw tooLarge()
    const { crc32, inflateRawSync } = loadZlib()
    within(bytes, local, LOCAL_BYTES)
    if (bytes.readUInt32LE(local) !== LOCAL) throw damaged('a file is not where its directory says')
    const start = local + LOCAL_BYTES + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const body = bytes.subarray(within(bytes, start, packed), start + packed)
    if (method !== STORED && method !== DEFLATED) throw damaged(`packing method ${method} is not read`)
    const content = method === STORED ? body : unpacked(() => inflateRawSync(body, { maxOutputLength: size || 1 }))
    if (content.length !== size || crc32(content) !== crc) throw damaged('a checksum is wrong')
    return content
  }
}

/** Files of a zip archive, by its central directory. Folders and links are none. */
export const filesOfZip = (bytes: Buffer): PackedFile[] => {
  const end = endOf(bytes)
  const count = bytes.readUInt16LE(end + 10)
  if (count > MOST_PACKED_FILES) throw tooLarge()
  const files: PackedFile[] = []
  let at = bytes.readUInt32LE(end + 16)
  for (let number = 0; number < count; number++) {
    within(bytes, at, CENTRAL_BYTES)
    if (bytes.readUInt32LE(at) !== CENTRAL) throw damaged('its directory is cut')
    const flags = bytes.readUInt16LE(at + 8)
    const nameLength = bytes.readUInt16LE(at + 28)
    const rest = bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
    within(bytes, at + CENTRAL_BYTES, nameLength)
    const name = bytes.toString(
      (flags & UTF8) === 0 ? 'latin1' : 'utf8',
      at + CENTRAL_BYTES,
      at + CENTRAL_BYTES + nameLength,
    )
    const isLink = ((bytes.readUInt32LE(at + 38) >>> 16) & TYPE_OF_FILE) === LINK
    if (!name.endsWith('/') && !isLink) {
      if ((flags & ENCRYPTED) !== 0) throw new ArchiveError(because('import_archive_locked', { name }))
      files.push({ name, bytes: contentOf(bytes, at) })
    }
    at += CENTRAL_BYTES + nameLength + rest
  }
  return files
}
