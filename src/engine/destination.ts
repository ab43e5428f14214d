import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { PingRequest } from '#core/probe.ts'
import { addressBytes, unfitTarget } from './icmp-packet.ts'
import type { Family } from './icmp-socket.ts'
import type { Pacer } from './pacer.ts'

/** Where the packets of a request go, read once and used for every round. */
export interface Destination {
  readonly request: PingRequest
  readonly family: Family
  readonly bytes: Uint8Array
  /** Index of the interface of a link-local address; 0 for none. */
  readonly scope: number
  readonly subnet: number
  /** Why no one host can be meant; undefined when all is well. */
  readonly unfit: string | undefined
}

const NOTHING = new Uint8Array(4)

/** The number behind the `%` of a link-local address: an interface's index or its name. */
const scopeOf = (address: string): number => {
  const zone = address.split('%')[1]
  if (zone === undefined) return 0
  if (/^\d+$/.test(zone)) return Number(zone)
  const addresses = networkInterfaces()[zone] ?? []
  for (const { family, scopeid } of addresses) if (family === 'IPv6' && scopeid) return scopeid
  return 0
}

export const destinationOf = (request: PingRequest, pacer: Pacer): Destination => {
  const bytes = addressBytes(request.address)
  return {
    request,
    family: isIPv6(request.address.split('%')[0]!) ? 6 : 4,
    bytes: bytes ?? NOTHING,
    scope: scopeOf(request.address),
    subnet: bytes ? pacer.subnetOf(bytes) : 0,
    unfit: bytes ? unfitTarget(bytes) : 'not an address',
  }
}
