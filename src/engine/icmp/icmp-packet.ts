import { isIPv4, isIPv6 } from 'node:net'
import { because, type Cause } from '#core/cause/cause.ts'

/** ICMP for IPv4 (RFC 792) and IPv6 (RFC 4443): the numbers and checks that the engine needs. */
export const ECHO_HEADER = 8

export const TYPES = {
  4: { request: 8, reply: 0, unreachable: 3, exceeded: 11 },
  6: { request: 128, reply: 129, unreachable: 1, exceeded: 3 },
} as const

/** Internet checksum (RFC 1071) over `length` bytes from `offset`. */
export const checksum = (bytes: Uint8Array, offset: number, length: number): number => {
  let sum = 0
  for (let index = 0; index + 1 < length; index += 2) sum += (bytes[offset + index]! << 8) | bytes[offset + index + 1]!
  if (length % 2 === 1) sum += bytes[offset + length - 1]! << 8
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}

/** The 4 or 16 bytes of an address literal (a zone `%eth0` is left out); undefined when it is none. */
export const addressBytes = (address: string): Uint8Array | undefined => {
  const literal = address.split('%')[0]!
  if (isIPv4(literal)) return Uint8Array.from(literal.split('.'), Number)
  if (!isIPv6(literal)) return undefined
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(literal)
  const quad = dotted && dotted[2]!.split('.').map(Number)
  const text = quad
    ? `${dotted[1]}${((quad[0]! << 8) | quad[1]!).toString(16)}:${((quad[2]! << 8) | quad[3]!).toString(16)}`
    : literal
  const [head = '', tail] = text.split('::')
  const words = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)))
  const first = words(head)
  const last = tail === undefined ? [] : words(tail)
  const all = [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last]
  return Uint8Array.from(all.flatMap((word) => [word >> 8, word & 0xff]))
}

/** An address as people write it. */
export const addressText = (bytes: Uint8Array): string => {
  if (bytes.length === 4) return bytes.join('.')
  const words = Array.from({ length: 8 }, (_, index) => ((bytes[index * 2]! << 8) | bytes[index * 2 + 1]!).toString(16))
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1)
}

/** Why an address cannot be pinged: it stands for no one host. Undefined when it can. */
export const unfitTarget = (bytes: Uint8Array): Cause | undefined => {
  if (bytes.length === 16) {
    if (bytes[0] === 0xff) return because('multicast_address')
    return bytes.every((byte) => byte === 0) ? because('unspecified_address') : undefined
  }
  if (bytes.every((byte) => byte === 255)) return because('broadcast_address')
  if (bytes[0]! >= 224 && bytes[0]! < 240) return because('multicast_address')
  return bytes[0] === 0 ? because('unspecified_network') : undefined
}
