import type { ConnectRequest } from '#core/probe.ts'
import { addressBytes } from '../icmp/icmp-packet.ts'
import { socketAddress } from '../icmp/socket-address.ts'
import { AF_INET, AF_INET6 } from '../native.ts'
import { scopeOf } from './destination.ts'
import { place } from './tcp-errors.ts'
import type { SocketUse } from './tcp-sockets.ts'

/** Where a request goes, read once and used for every connect. */
export interface TcpTarget extends SocketUse {
  readonly request: ConnectRequest
  /** `sockaddr_in` or `sockaddr_in6`; undefined when the address is none. */
  readonly socketAddress: Uint8Array | undefined
  /** The address of our own to connect from, with no port yet; undefined: the system chooses. */
  readonly from: Uint8Array | undefined
  /** Of the loopback: the answer is there when the connect returns. */
  readonly near: boolean
}

export const tcpTargetOf = (request: ConnectRequest): TcpTarget => {
  const bytes = addressBytes(request.address)
  const v6 = bytes?.length === 16
  const first = bytes?.[0] ?? 0
  const own = request.source === undefined ? undefined : addressBytes(request.source)
  return {
    request,
    domain: v6 ? AF_INET6 : AF_INET,
    socketAddress: bytes && socketAddress(bytes, request.port, scopeOf(request.address)),
    from: own && socketAddress(own),
    near: v6 ? bytes.every((byte, index) => byte === (index === 15 ? 1 : 0)) : first === 127,
    resets: request.reset,
    // A link-local connect binds an IPv6 socket to its interface, an IPv4-mapped one to the other protocol.
    reusable: own === undefined && (!v6 || (first >= 0x20 && first < 0xfe)),
  }
}

/** As people write it, for messages. */
export const targetText = ({ request }: TcpTarget): string => place(request.address, request.port)

/** Ports below it are chosen for no connect. */
const LOWEST_CHOSEN = 1024

/**
 * Whether a connect may be given the very port that it goes to, and meet itself where nobody listens (RFC 9293, 3.5: both
 * ends may open at once).
 */
export const mayMeetItself = ({ request }: TcpTarget): boolean => request.port >= LOWEST_CHOSEN
