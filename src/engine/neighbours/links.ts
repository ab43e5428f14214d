import { readFileSync } from 'node:fs'
import { ownInterfaces } from '#lib/net/own-addresses.ts'
import { addressBytes } from '../icmp/icmp-packet.ts'
import type { Family } from '../icmp/icmp-socket.ts'

/** A network that this machine reaches without a router: each host of it takes a place in the kernel's neighbour table. */
export interface Link {
  readonly interface: string
  readonly family: Family
  readonly network: Uint8Array
  readonly bits: number
  /** How long the kernel asks for an address that nobody answers for, ms. */
  readonly resolveMs: number
}

const numberIn = (path: string): number | undefined => {
  try {
    const found = Number.parseInt(readFileSync(path, 'utf8'), 10)
    return Number.isNaN(found) ? undefined : found
  } catch {
    return undefined
  }
}

/** From linux/if.h: hosts behind such an interface are not asked for, as in a tunnel. */
const IFF_NOARP = 0x80
/** What the kernel begins with (net/ipv4/arp.c, net/ipv6/ndisc.c). */
const SOLICITATIONS = 3
const RETRANSMIT_MS = 1000
const TABLE_ROOM = 1024

const settings = (family: Family) => `/proc/sys/net/ipv${family}/neigh`

const asksForHosts = (name: string): boolean => ((numberIn(`/sys/class/net/${name}/flags`) ?? 0) & IFF_NOARP) === 0

const resolveMsOf = (family: Family, name: string): number => {
  const times = numberIn(`${settings(family)}/${name}/mcast_solicit`) ?? SOLICITATIONS
  return times * (numberIn(`${settings(family)}/${name}/retrans_time_ms`) ?? RETRANSMIT_MS)
}

/** The networks that lie directly at this machine's interfaces, loopback and tunnels left out. */
export const readLinks = (): readonly Link[] =>
  Object.entries(ownInterfaces() ?? {}).flatMap(([name, addresses = []]) => {
    const outward = addresses.filter(({ internal }) => !internal)
    if (outward.length === 0 || !asksForHosts(name)) return []
    return outward.flatMap(({ address, family: words, cidr }): Link[] => {
      const network = addressBytes(address)
      const family = words === 'IPv4' ? 4 : 6
      const bits = Number(cidr?.split('/')[1])
      if (!network || Number.isNaN(bits)) return []
      return [{ interface: name, family, network, bits, resolveMs: resolveMsOf(family, name) }]
    })
  })

/** True of an address that leads to this machine itself. */
export const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.')

/** True when the first `bits` of both addresses are the same. */
const begins = (address: Uint8Array, network: Uint8Array, bits: number): boolean => {
  for (let at = 0; at < bits; at += 8) {
    const mask = (0xff00 >> Math.min(8, bits - at)) & 0xff
    if (((address[at >> 3]! ^ network[at >> 3]!) & mask) !== 0) return false
  }
  return true
}

/** The link on which an address lies; undefined when a router leads there, or this machine itself is meant. */
export const linkOf = (links: readonly Link[], address: Uint8Array): Link | undefined =>
  links.find(({ network, bits }) => network.length === address.length && begins(address, network, bits))

/** Hosts that the kernel's neighbour table holds at most. Inside a container the kernel does not tell; then as it begins. */
export const neighbourRoom = (family: Family): number =>
  numberIn(`${settings(family)}/default/gc_thresh3`) ?? TABLE_ROOM
