import { type Cursor, Malformed } from './cursor.ts'
import { escapedParameter, escapedProtocol } from './escape.ts'
import { type Field, ipv4Text, ipv6Text } from './fields.ts'

/** Parts of records that have a form of their own. */

const each = <Item>(bytes: Buffer, size: number, read: (part: Buffer) => Item): Item[] => {
  if (bytes.length % size !== 0) throw new Malformed('list')
  return Array.from({ length: bytes.length / size }, (_, index) =>
    read(bytes.subarray(index * size, (index + 1) * size)),
  )
}

const protocols = (bytes: Buffer): string => {
  const found: string[] = []
  for (let at = 0; at < bytes.length; at += bytes[at]! + 1) {
    if (at + 1 + bytes[at]! > bytes.length) throw new Malformed('protocols')
    found.push(escapedProtocol(bytes.subarray(at + 1, at + 1 + bytes[at]!)))
  }
  return found.join(',')
}

const keyName = (key: number): string => PARAMETERS[key]?.[0] ?? (key === 65_535 ? '' : `key${key}`)

/** Parameters of a service (RFC 9460, 14.3.2) by their numbers. */
const PARAMETERS: readonly (readonly [name: string, text: (value: Buffer) => string])[] = [
  ['mandatory', (value) => each(value, 2, (part) => keyName(part.readUInt16BE(0))).join(',')],
  ['alpn', protocols],
  ['no-default-alpn', () => ''],
  ['port', (value) => String(value.readUInt16BE(0))],
  ['ipv4hint', (value) => each(value, 4, ipv4Text).join(',')],
  ['ech', (value) => value.toString('base64')],
  ['ipv6hint', (value) => each(value, 16, ipv6Text).join(',')],
  ['dohpath', escapedParameter],
]

const parameter = (cursor: Cursor): string => {
  const key = cursor.number(2)
  const value = cursor.bytes(cursor.number(2))
  return `${keyName(key)}="${(PARAMETERS[key]?.[1] ?? escapedParameter)(value)}"`
}

const list = (read: (cursor: Cursor) => string): Field => ({
  absent: '',
  read: (cursor) => {
    const found: string[] = []
    while (cursor.left > 0) found.push(read(cursor))
    return found.join(' ')
  },
})

export const parameters = list(parameter)

const NEGATED = 0x80
/** Networks of address prefixes (RFC 3123, 4). */
export const prefixes = list((cursor) => {
  const [family, length, given] = [cursor.number(2), cursor.number(1), cursor.number(1)]
  const size = family === 1 ? 4 : 16
  const address = Buffer.alloc(size)
  if (family > 2 || family === 0 || cursor.bytes(given & 0x7f).copy(address) > size) throw new Malformed('prefix')
  const text = family === 1 ? ipv4Text(address) : ipv6Text(address)
  return `${given & NEGATED ? '!' : ''}${family}:${text}/${length}`
})

const CERTIFICATES: Readonly<Record<number, string>> = {
  1: 'PKIX',
  2: 'SPKI',
  3: 'PGP',
  4: 'IPIX',
  5: 'ISPKI',
  6: 'IPGP',
  7: 'ACPKIX',
  8: 'IACPKIX',
  253: 'URI',
  254: 'OID',
}
const ALGORITHMS: Readonly<Record<number, string>> = {
  1: 'RSAMD5',
  2: 'DH',
  3: 'DSA',
  5: 'RSASHA1',
  6: 'DSA-NSEC3-SHA1',
  7: 'RSASHA1-NSEC3-SHA1',
  8: 'RSASHA256',
  10: 'RSASHA512',
  12: 'ECC-GOST',
  13: 'ECDSAP256SHA256',
  14: 'ECDSAP384SHA384',
  15: 'ED25519',
  16: 'ED448',
  252: 'INDIRECT',
  253: 'PRIVATEDNS',
  254: 'PRIVATEOID',
}
const named = (names: Readonly<Record<number, string>>, bytes: 1 | 2): Field => ({
  absent: '0',
  read: (cursor) => {
    const number = cursor.number(bytes)
    return names[number] ?? String(number)
  },
})
export const certificateKind = named(CERTIFICATES, 2)
export const algorithm = named(ALGORITHMS, 1)

/** A host's identity, its key and where to meet it (RFC 8005, 5), whose lengths come first. */
export const identity: Field = {
  absent: '0  ',
  read: (cursor) => {
    const [length, kind, keyLength] = [cursor.number(1), cursor.number(1), cursor.number(2)]
    const [tag, key] = [cursor.bytes(length), cursor.bytes(keyLength)]
    return `${kind} ${tag.toString('hex')} ${key.toString('base64')}`
  },
}

const MIDDLE = 2 ** 31
const angle = (value: number, [behind, before]: readonly [string, string]): string => {
  const [side, off] = value > MIDDLE ? [behind, value - MIDDLE] : [before, MIDDLE - value]
  const [degrees, minutes] = [Math.floor(off / 3_600_000), Math.floor((off % 3_600_000) / 60_000)]
  const seconds = (off % 60_000) / 1000
  return `${[degrees, minutes].map((part) => String(part).padStart(2, '0')).join(' ')} ${seconds.toFixed(3)} ${side}`
}
/** A size in centimetres as a digit and its power of ten. */
const metres = (size: number): string => {
  const [digit, power] = [size >> 4, size & 15]
  return power < 2 ? `0.${String(digit * 10 ** power).padStart(2, '0')}m` : `${digit}${'0'.repeat(power - 2)}m`
}
/** Where a host stands (RFC 1876). */
export const place: Field = {
  absent: '',
  read: (cursor) => {
    cursor.number(1)
    const sizes = [1, 2, 3].map(() => metres(cursor.number(1)))
    const [latitude, longitude] = [angle(cursor.number(4), ['N', 'S']), angle(cursor.number(4), ['E', 'W'])]
    const height = cursor.number(4)
    const above = (height / 100 - 100_000).toFixed(height % 100 === 0 ? 0 : 2)
    return `${latitude} ${longitude} ${above}m ${sizes.join(' ')}`
  },
}
