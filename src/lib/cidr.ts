import { isIPv4, isIPv6 } from 'node:net'

/** An address as a number: 32 bits for IPv4, 128 for IPv6. */
export interface Address {
  readonly family: 4 | 6
  readonly value: bigint
}

/** All addresses of one family whose first `prefix` bits are those of `base`. */
export interface Network {
  readonly family: 4 | 6
  /** Lowest address; the bits behind the prefix are zero. */
  readonly base: bigint
  readonly prefix: number
}

const BITS = { 4: 32, 6: 128 } as const
/** `::ffff:0:0/96`: how a socket that serves both families shows an IPv4 peer (RFC 4291, 2.5.5.2). */
const MAPPED = 0xffffn

const parseIPv4 = (text: string): bigint =>
  BigInt(text.split('.').reduce((value, part) => value * 256 + Number(part), 0))

/** The 16-bit groups of one side of `::`; a dotted tail makes two. */
const groupsOf = (side: string): bigint[] =>
  side === ''
    ? []
    : side.split(':').flatMap((group) => {
        if (!group.includes('.')) return [BigInt(`0x${group}`)]
        const tail = parseIPv4(group)
        return [tail >> 16n, tail & 0xffffn]
      })

const parseIPv6 = (text: string): bigint => {
  const [left, right] = text.split('::').map(groupsOf) as [bigint[], bigint[]?]
  const filler = right === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array<bigint>(filler).fill(0n), ...(right ?? [])]
  return groups.reduce((value, group) => (value << 16n) | group, 0n)
}

/** Reads an IPv4 or IPv6 address (a zone such as `%eth0` is left out); undefined when the text is not one. */
export const parseAddress = (text: string): Address | undefined => {
  if (isIPv4(text)) return { family: 4, value: parseIPv4(text) }
  if (isIPv6(text)) return { family: 6, value: parseIPv6(text.split('%')[0]!) }
  return undefined
}

/** An IPv4 address in its IPv6 clothes (`::ffff:10.0.0.1`) as IPv4; every other address as it is. */
export const unmapped = (address: Address): Address =>
  address.family === 6 && address.value >> 32n === MAPPED ? { family: 4, value: address.value & 0xffffffffn } : address

const masked = (value: bigint, family: 4 | 6, prefix: number): bigint => {
  const rest = BigInt(BITS[family] - prefix)
  return (value >> rest) << rest
}

/**
 * Reads `10.0.0.0/8`, `2001:db8::/32`, or an address alone, which is a network of one. Bits behind the prefix are
 * ignored: `10.1.2.3/8` is `10.0.0.0/8`. Undefined when the text is not a network.
 */
export const parseNetwork = (text: string): Network | undefined => {
  const [, host, length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const address = host === undefined || host.includes('%') ? undefined : parseAddress(host)
  if (!address) return undefined
  const prefix = length === undefined ? BITS[address.family] : Number(length)
  if (prefix > BITS[address.family]) return undefined
  return { family: address.family, base: masked(address.value, address.family, prefix), prefix }
}

const includes = ({ family, base, prefix }: Network, address: Address): boolean =>
  family === address.family && masked(address.value, family, prefix) === base

/** True when the network holds the address; an IPv4 network also holds the IPv4-mapped form of its addresses. */
export const networkContains = (network: Network, address: Address): boolean =>
  includes(network, address) || includes(network, unmapped(address))

export interface NetworkSet {
  has(address: Address): boolean
}

/** Many networks as one set: a look-up costs one step for each prefix length in use, however many networks there are. */
export const networkSet = (networks: readonly Network[]): NetworkSet => {
  const byLength = new Map<string, { family: 4 | 6; prefix: number; bases: Set<bigint> }>()
  for (const { family, base, prefix } of networks) {
    const key = `${family}/${prefix}`
    const group = byLength.get(key) ?? { family, prefix, bases: new Set() }
    byLength.set(key, group)
    group.bases.add(base)
  }
  const groups = [...byLength.values()]
  const found = (address: Address): boolean =>
    groups.some(
      ({ family, prefix, bases }) => family === address.family && bases.has(masked(address.value, family, prefix)),
    )
  return {
    has: (address) => {
      const plain = unmapped(address)
      return found(address) || (plain !== address && found(plain))
    },
  }
}
