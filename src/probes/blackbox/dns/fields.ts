import { type Cursor, Malformed } from './cursor.ts'
import { escapedText } from './escape.ts'
import { typeName } from './types.ts'

/** A part of a record's data as text; `absent` where the data ends before it. */
export interface Field {
  readonly read: (cursor: Cursor) => string
  readonly absent: string
}

const field = (read: Field['read'], absent = ''): Field => ({ read, absent })
const number = (bytes: 1 | 2 | 4): Field => field((cursor) => String(cursor.number(bytes)), '0')
const rest = (cursor: Cursor): Buffer => cursor.bytes(cursor.left)
const string = (cursor: Cursor): string => escapedText(cursor.bytes(cursor.number(1)))

/** Words with blanks between them. */
const words = (read: (cursor: Cursor) => string): Field =>
  field((cursor) => {
    const read_: string[] = []
    while (cursor.left > 0) read_.push(read(cursor))
    return read_.join(' ')
  })

export const u8 = number(1)
export const u16 = number(2)
export const u32 = number(4)
export const name = field((cursor) => cursor.name())
export const names = words((cursor) => cursor.name())
/** A text in quotes, one as it stands, and any number of them. */
export const quoted = field((cursor) => `"${string(cursor)}"`, '""')
export const bare = field(string)
export const texts = words((cursor) => `"${string(cursor)}"`)
/** All that is left, in quotes. */
export const octets = field((cursor) => `"${escapedText(rest(cursor))}"`, '""')
export const hex = field((cursor) => rest(cursor).toString('hex'))
export const capitalHex = field((cursor) => rest(cursor).toString('hex').toUpperCase())
export const base64 = field((cursor) => rest(cursor).toString('base64'))
export const typeOf = field((cursor) => typeName(cursor.number(2)), 'None')

export const ipv4Text = (bytes: Uint8Array): string => bytes.join('.')

/** An IPv4 address within IPv6 is written as IPv4, as the original's language does. */
export const ipv6Text = (bytes: Buffer): string => {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16))
  const text = new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
  return text.startsWith('::ffff:') ? ipv4Text(bytes.subarray(12)) : text
}

export const ipv4 = field((cursor) => ipv4Text(cursor.bytes(4)))
export const ipv6 = field((cursor) => ipv6Text(cursor.bytes(16)))

/** Seconds as the date of signatures: `20261130150000`. */
export const time = field(
  (cursor) => new Date(cursor.number(4) * 1000).toISOString().slice(0, 19).replace(/[-T:]/g, ''),
  '19700101000000',
)

/** 64 bits in four groups. */
export const groups = (capitals: boolean): Field =>
  field((cursor) => {
    const text = cursor.bytes(8).toString('hex').match(/.{4}/g)!.join(':')
    return capitals ? text.toUpperCase() : text
  }, '0000:0000:0000:0000')

export const hardware = (bytes: 6 | 8): Field =>
  field((cursor) => cursor.bytes(bytes).toString('hex').match(/../g)!.join('-'), new Array(bytes).fill('00').join('-'))

/** The bytes behind their length, in one byte. */
export const salt = field((cursor) => cursor.bytes(cursor.number(1)).toString('hex').toUpperCase() || '-', '-')

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUV'
/** Base 32 with the digits of RFC 4648, 7, without padding. */
const base32 = (bytes: Uint8Array): string => {
  let [text, bits, held] = ['', 0, 0]
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    bits += 8
    for (; bits >= 5; bits -= 5) text += DIGITS[(held >> (bits - 5)) & 31]
  }
  return bits > 0 ? text + DIGITS[(held << (5 - bits)) & 31] : text
}
export const hashed = field((cursor) => base32(cursor.bytes(cursor.number(1))))

/** The types of a bitmap (RFC 4034, 4.1.2), each behind a blank. */
export const types = words((cursor) => {
  const [window, length] = [cursor.number(1), cursor.number(1)]
  if (length === 0 || length > 32) throw new Malformed('bitmap')
  return Array.from(cursor.bytes(length))
    .flatMap((byte, at) =>
      [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bit) => (byte & (0x80 >> bit) ? [typeName(window * 256 + at * 8 + bit)] : [])),
    )
    .join(' ')
})
