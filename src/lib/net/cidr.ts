import { isIPv6 } from 'node:net'

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
const LONGEST_IPV4 = '255.255.255.255'.length
const DOT = 46
const ZERO = 48

/** Four numbers up to 255 without leading zeros (which some read as octal); undefined when the text is not that. */
const parseIPv4 = (text: string): number | undefined => {
  if (text.length > LONGEST_IPV4) return undefined
  let value = 0
  let part = 0
  let digits = 0
  let dots = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === DOT) {
      if (digits === 0) return undefined
      value = value * 256 + part
      part = 0
      digits = 0
      dots++
    } else {
      const digit = code - ZERO
      if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return undefined
      part = part * 10 + digit
      digits++
      if (part > 255) return undefined
    }
  }
  return dots === 3 && digits > 0 ? value * 256 + part : undefined
}

/** The 16-bit groups of one side of `::`; a dotted tail makes two. */
const groupsOf = (side: string): bigint[] =>
  side === ''
    ? []
    : side.split(':').flatMap((group) => {
        if (!group.includes('.')) return [BigInt(`0x${group}`)]
        const tail = BigInt(parseIPv4(group)!)
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
  const ipv4 = parseIPv4(text)
  if (ipv4 !== undefined) return { family: 4, value: BigInt(ipv4) }
  // Most are none, and the pattern for them is large.
  if (text.includes(':') && isIPv6(text)) return { family: 6, value: parseIPv6(text.split('%')[0]!) }
  return undefined
}

/** Whether a text is an IPv4 or IPv6 address. */
export const isAddress = (text: string): boolean => parseIPv4(text) !== undefined || isIPv6(text)

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

/** Bases of networks of one family by the size of the network, each base divided by that size. */
const bySize = (
  networks: readonly Network[],
  family: 4 | 6,
): (readonly [size: bigint, bases: ReadonlySet<bigint>])[] => {
  const sizes = new Map<bigint, Set<bigint>>()
  for (const { base, prefix } of networks.filter((network) => network.family === family)) {
    const size = 1n << BigInt(BITS[family] - prefix)
    const bases = sizes.get(size) ?? new Set()
    sizes.set(size, bases.add(base / size))
  }
  return [...sizes]
}

const createFamily6 = (networks: readonly Network[]) => {
  const sizes = bySize(networks, 6)
  return (value: bigint): boolean => sizes.some(([size, bases]) => bases.has(value / size))
}

/** In numbers, which are far quicker. */
const createFamily4 = (networks: readonly Network[]) => {
  const sizes = bySize(networks, 4).map(([size, bases]) => ({
    size: Number(size),
    bases: new Set([...bases].map(Number)),
  }))
  if (sizes.length === 0) return () => false
  return (value: bigint): boolean => {
    const number = Number(value)
    for (const { size, bases } of sizes) if (bases.has(Math.floor(number / size))) return true
    return false
  }
}

/** Many networks as one set: a look-up costs one step for each prefix length in use, however many networks there are. */
export const networkSet = (networks: readonly Network[]): NetworkSet => {
  const families = { 4: createFamily4(networks), 6: createFamily6(networks) }
  return {
    has: (address) => {
      if (families[address.family](address.value)) return true
      const plain = unmapped(address)
      return plain !== address && families[plain.family](plain.value)
    },
  }
}
