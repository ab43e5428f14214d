import { isIPv6 } from 'node:net'
import { because, type Cause } from '#core/cause/cause.ts'
import type { PingRequest } from '#core/probe.ts'
import { ownInterfaces } from '#lib/net/own-addresses.ts'
import { addressBytes, unfitTarget } from '../icmp/icmp-packet.ts'
import type { Family } from '../icmp/icmp-socket.ts'
import type { Pacer } from '../schedule/pacer.ts'

/** Where the packets of a request go, read once and used for every round. */
export interface Destination {
  /** Known again by its identity; what the hot path needs of it stands below, in one object. */
  readonly request: PingRequest
  readonly source: string | undefined
  readonly packets: number
  readonly gapMs: number
  readonly timeoutMs: number
  readonly ttl: number
  readonly size: number
  /** Never in fragments. */
  readonly whole: boolean
  readonly family: Family
  readonly bytes: Uint8Array
  /** The first 4 of them as one number in the machine's order: all of an IPv4 address. */
  readonly word: number
  /** Index of the interface of a link-local address; 0 for none. */
  readonly scope: number
  readonly subnet: number
  /** Why it cannot be sent to at all; undefined when it can. */
  readonly unfit: Cause | undefined
}

/** The number of a packet takes one byte. */
export const MOST_PACKETS = 255
export const DEFAULT_TTL = 64
const DEFAULT_SIZE = 56
/** Payload bytes that fit the smallest packet that every host takes (RFC 791: 576 bytes) behind the headers. */
const SURELY_WHOLE = 508
const NOTHING = new Uint8Array(4)

/** The number behind the `%` of a link-local address: an interface's index or its name. */
export const scopeOf = (address: string): number => {
  const zone = address.split('%')[1]
  if (zone === undefined) return 0
  if (/^\d+$/.test(zone)) return Number(zone)
  const addresses = ownInterfaces()?.[zone] ?? []
  for (const { family, scopeid } of addresses) if (family === 'IPv6' && scopeid) return scopeid
  return 0
}

const unfitness = (bytes: Uint8Array | undefined, { address, source }: PingRequest): Cause | undefined => {
  if (!bytes) return because('not_an_address')
  const isOther = source !== undefined && isIPv6(source) !== address.includes(':')
  return unfitTarget(bytes) ?? (isOther ? because('other_ip_version', { source }) : undefined)
}

export const destinationOf = (request: PingRequest, pacer: Pick<Pacer, 'subnetOf'>): Destination => {
  const bytes = addressBytes(request.address)
  return {
    request,
    source: request.source,
    packets: Math.min(request.packets, MOST_PACKETS),
    gapMs: request.gapMs,
    timeoutMs: request.timeoutMs,
    ttl: request.ttl ?? DEFAULT_TTL,
    size: request.size ?? DEFAULT_SIZE,
    whole: request.whole === true || (request.size ?? DEFAULT_SIZE) <= SURELY_WHOLE,
    family: isIPv6(request.address.split('%')[0]!) ? 6 : 4,
    bytes: bytes ?? NOTHING,
    word: new DataView((bytes ?? NOTHING).buffer).getUint32(0, true),
    scope: scopeOf(request.address),
    subnet: bytes ? pacer.subnetOf(bytes) : 0,
    unfit: unfitness(bytes, request),
  }
}
