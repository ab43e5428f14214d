import { damaged, MOST_PACKED_FILES, type PackedFile, tooLarge } from './packed-file.ts'

/** The format of POSIX.1-2001 (ustar, pax) and of GNU tar: records of 512 bytes. */
const RECORD = 512
const CHECKSUM_AT = 148

const textAt = (bytes: Buffer, at: number, length: number): string => {
  const field = bytes.subarray(at, at + length)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? length : end)
}

const numberAt = (bytes: Buffer, at: number, length: number): number => {
  const text = textAt(bytes, at, length).trim()
  return /^[0-7]{1,12}$/.test(text) ? Number.parseInt(text, 8) : Number.NaN
}

const isHeader = (header: Buffer): boolean => {
  const sum = header.reduce((all, byte, at) => all + (at >= CHECKSUM_AT && at < CHECKSUM_AT + 8 ? 32 : byte), 0)
  return header.length === RECORD && sum === numberAt(header, CHECKSUM_AT, 8)
}

export const isTar = (head: Buffer): boolean => isHeader(head.subarray(0, RECORD))

/** The name that a pax header gives the file behind it. */
const paxName = (body: string): string | undefined => /(?:^|\n)\d+ path=([^\n]*)\n/.exec(body)?.[1]

/** Files of a tar archive. Folders, links and devices are none. */
export const filesOfTar = (bytes: Buffer): PackedFile[] => {
  const files: PackedFile[] = []
  let longName: string | undefined
  for (let at = 0; at + RECORD <= bytes.length; ) {
    const header = bytes.subarray(at, at + RECORD)
    if (header.every((byte) => byte === 0)) break
    if (!isHeader(header)) throw damaged('a record is none')
    const size = numberAt(header, 124, 12)
    const start = at + RECORD
    if (!(size >= 0) || start + size > bytes.length) throw damaged('it ends too early')
    const body = bytes.subarray(start, start + size)
    const type = textAt(header, 156, 1)
    const prefix = textAt(header, 257, 5) === 'ustar' ? textAt(header, 345, 155) : ''
    const short = textAt(header, 0, 100)
    const name = longName ?? (prefix === '' ? short : `${prefix}/${short}`)
    if (type === 'L') longName = textAt(body, 0, body.length)
    else if (type === 'x') longName = paxName(body.toString('utf8'))
    else if (type !== 'g') longName = undefined
    if ((type === '0' || type === '' || type === '7') && !name.endsWith('/')) {
      if (files.length >= MOST_PACKED_FILES) throw tooLarge()
      files.push({
        name,
        bytes: (most) => {
          if (size > most) throw tooLarge()
          return body
        },
      })
    }
    at = start + Math.ceil(size / RECORD) * RECORD
  }
  return files
}
