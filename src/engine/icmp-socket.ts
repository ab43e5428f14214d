import { TYPES } from './icmp-packet.ts'
import {
  AF_INET,
  AF_INET6,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  type Native,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_SOCKET,
} from './native.ts'

export type Family = 4 | 6
export type SocketKind = 'raw' | 'dgram'

export interface IcmpSocket {
  readonly fd: number
  readonly family: Family
  readonly kind: SocketKind
}

const SOL_RAW = 255
const ICMP_FILTER = 1
const ICMP6_FILTER = 1
const IPPROTO_IP = 0
const IP_TTL = 2
const IPPROTO_IPV6 = 41
const IPV6_UNICAST_HOPS = 16
const RECEIVE_BUFFER = 16 * 1024 * 1024

const int32 = (value: number) => new Uint8Array(Int32Array.of(value).buffer)

/**
 * Lets through only what concerns us: echo replies, unreachable, time exceeded. A raw socket on loopback would also see
 * our own requests. For IPv4 a set bit blocks a type below 32; for IPv6 a set bit blocks any of the 256 types.
 */
const filter = (family: Family): { level: number; name: number; value: Uint8Array } => {
  const { reply, unreachable, exceeded } = TYPES[family]
  const wanted = [reply, unreachable, exceeded]
  if (family === 4) {
    const mask = wanted.reduce((bits, type) => bits & ~(1 << type), ~0)
    return { level: SOL_RAW, name: ICMP_FILTER, value: int32(mask) }
  }
  const words = new Uint32Array(8).fill(0xffffffff)
  for (const type of wanted) words[type >> 5]! &= ~(1 << (type & 31))
  return { level: IPPROTO_ICMPV6, name: ICMP6_FILTER, value: new Uint8Array(words.buffer) }
}

/** Opens a raw socket where this process may, else an unprivileged ping socket; undefined when neither is allowed. */
export const openIcmpSocket = (native: Native, family: Family, only?: SocketKind): IcmpSocket | undefined => {
  const domain = family === 4 ? AF_INET : AF_INET6
  const protocol = family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6
  const kinds: readonly SocketKind[] = only ? [only] : ['raw', 'dgram']
  for (const kind of kinds) {
    const type = (kind === 'raw' ? SOCK_RAW : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC
    const fd = native.socket(domain, type, protocol)
    if (fd < 0) continue
    if (kind === 'raw') {
      const { level, name, value } = filter(family)
      native.setsockopt(fd, level, name, value)
    }
    // Without the privilege to force it, the kernel gives as much as rmem_max allows.
    if (native.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, int32(RECEIVE_BUFFER)) < 0)
      native.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, int32(RECEIVE_BUFFER))
    native.setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, int32(1))
    return { fd, family, kind }
  }
  return undefined
}

/** Sets how many hops the next packets may take. */
export const setHopLimit = (native: Native, { fd, family }: IcmpSocket, hops: number): void => {
  const [level, name] = family === 4 ? [IPPROTO_IP, IP_TTL] : [IPPROTO_IPV6, IPV6_UNICAST_HOPS]
  native.setsockopt(fd, level, name, int32(hops))
}
