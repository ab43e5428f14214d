import { lazily } from '../run/lazily.ts'
import { type Address, networkSet, parseAddress, parseNetwork } from './cidr.ts'

/** Kinds of addresses that a request made for a user has no business with. Private ranges are none of them. */
export const FORBIDDEN_KINDS = ['loopback', 'unspecified', 'link_local', 'metadata', 'multicast'] as const
export type ForbiddenKind = (typeof FORBIDDEN_KINDS)[number]

export interface AddressPolicy {
  /** Kinds that are allowed all the same. */
  readonly allowed: readonly ForbiddenKind[]
}

/** For destinations of channels: nothing on this machine, nothing that hands out credentials. */
export const channelPolicy: AddressPolicy = { allowed: [] }
/** For targets of monitors: watching this machine itself is what people do first. */
export const monitorPolicy: AddressPolicy = { allowed: ['loopback', 'unspecified'] }

const setOf = (...networks: readonly string[]) =>
  lazily(() => networkSet(networks.map((network) => parseNetwork(network)!)))

/** Looked up in this order, so that the most telling kind is named: a metadata service is link-local as well. */
const KINDS: readonly {
  readonly kind: ForbiddenKind
  readonly networks: ReturnType<typeof setOf>
}[] = [
  {
    kind: 'metadata',
    // AWS, Azure, Google and others; AWS on IPv6; Google on IPv6; Alibaba; Oracle (classic); Azure's agent.
    networks: setOf(
      '169.254.169.254',
      'fd00:ec2::254',
      'fd20:ce::254',
      '100.100.100.200',
      '192.0.0.192',
      '168.63.129.16',
    ),
  },
  { kind: 'loopback', networks: setOf('127.0.0.0/8', '::1') },
  // Linux connects to itself when asked for 0.0.0.0 or ::.
  { kind: 'unspecified', networks: setOf('0.0.0.0/8', '::') },
  { kind: 'link_local', networks: setOf('169.254.0.0/16', 'fe80::/10') },
  {
    kind: 'multicast',
    networks: setOf('224.0.0.0/4', 'ff00::/8', '255.255.255.255'),
  },
]

/** Ranges of IPv6 that carry an IPv4 address, and by how many bits it stands above the end. */
const CARRIERS = (
  [
    ['::ffff:0:0/96', 0n], // mapped (RFC 4291)
    ['::/96', 0n], // compatible, deprecated (RFC 4291)
    ['::ffff:0:0:0/96', 0n], // translated (RFC 2765)
    ['64:ff9b::/96', 0n], // NAT64 (RFC 6052)
    ['64:ff9b:1::/48', 0n], // NAT64 of a site, in its usual /96 form (RFC 8215)
    ['2002::/16', 80n], // 6to4 (RFC 3056)
  ] as const
).map(([network, shift]) => ({ networks: setOf(network), shift }))
/** Teredo carries the client's address with every bit inverted (RFC 4380). */
const TEREDO = setOf('2001::/32')
const LOW_32 = 0xffffffffn

/** The address, and the IPv4 addresses that a router, tunnel or translator on the way may make of it. */
const meanings = (address: Address): Address[] => {
  if (address.family === 4) return [address]
  const carried = CARRIERS.filter(({ networks }) => networks().has(address)).map(
    ({ shift }): Address => ({ family: 4, value: (address.value >> shift) & LOW_32 }),
  )
  const teredo: Address[] = TEREDO().has(address) ? [{ family: 4, value: ~address.value & LOW_32 }] : []
  return [address, ...carried, ...teredo]
}

const WORDS: Readonly<Record<ForbiddenKind, string>> = {
  metadata: "a cloud provider's metadata service",
  loopback: 'this machine itself (loopback)',
  unspecified: 'the unspecified address',
  link_local: 'link-local',
  multicast: 'multicast or broadcast',
}

const kindOf = (parsed: Address, policy: AddressPolicy): ForbiddenKind | undefined => {
  // `::` and `::1` are in the compatible range too; by themselves they are judged as what they are.
  const own = parsed.family === 6 && parsed.value <= 1n ? [parsed] : meanings(parsed)
  return KINDS.find(({ kind, networks }) => !policy.allowed.includes(kind) && own.some((one) => networks().has(one)))
    ?.kind
}

/** What kind of forbidden address it is; undefined for one that is allowed. What is not an address is `not_an_address`. */
export const forbiddenKind = (address: string, policy: AddressPolicy): ForbiddenKind | 'not_an_address' | undefined => {
  const parsed = parseAddress(address)
  return parsed ? kindOf(parsed, policy) : 'not_an_address'
}

/**
 * Why a request to this address is refused, as the end of a sentence ("… is link-local"); undefined when it is allowed.
 * Ask after the name was resolved, for every address, and again on each redirect. What is not an address is refused.
 */
export const forbiddenReason = (address: string, policy: AddressPolicy): string | undefined => {
  const kind = forbiddenKind(address, policy)
  if (kind === 'not_an_address') return `${JSON.stringify(address.slice(0, 100))} is not an IP address`
  return kind && `${address} is ${WORDS[kind]}`
}
