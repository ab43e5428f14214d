import {
  AF_INET,
  AF_INET6,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  type Native,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SO_REUSEADDR,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_SOCKET,
} from '../native.ts'
import { TYPES } from './icmp-packet.ts'

export type Family = 4 | 6
export type SocketKind = 'raw' | 'dgram'

export interface IcmpSocket {
  readonly fd: number
  readonly family: Family
  readonly kind: SocketKind
  /** The address that it sends from; absent: the system chooses one for each packet. */
  readonly source?: string
}

const SOL_RAW = 255
const ICMP_FILTER = 1
const ICMP6_FILTER = 1
const IPPROTO_IP = 0
const IP_MTU_DISCOVER = 10
const IP_PMTUDISC_WANT = 1
const IP_PMTUDISC_PROBE = 3
const IP_TTL = 2
const IPPROTO_IPV6 = 41
const IPV6_UNICAST_HOPS = 16
/** Level and name of IP_RECVTTL and IPV6_RECVHOPLIMIT. */
const RECEIVE_HOPS = { 4: [IPPROTO_IP, 12], 6: [IPPROTO_IPV6, 51] } as const
/** Level and name of IP_RECVERR and IPV6_RECVERR. */
const RECEIVE_ERRORS = { 4: [IPPROTO_IP, 11], 6: [IPPROTO_IPV6, 25] } as const
const SO_ATTACH_FILTER = 26
const SO_MEMINFO = 55
const SK_MEMINFO_DROPS = 8
export const RECEIVE_BUFFER = 16 * 1024 * 1024

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

/**
 * Opens a ping socket where the groups of this process may, for the kernel has the least to do for it, else a raw one;
 * undefined when neither is allowed. Both hear replies and errors.
 */
export const openIcmpSocket = (native: Native, family: Family, only?: SocketKind): IcmpSocket | undefined => {
  const domain = family === 4 ? AF_INET : AF_INET6
  const protocol = family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6
  const kinds: readonly SocketKind[] = only ? [only] : ['dgram', 'raw']
  for (const kind of kinds) {
    const type = (kind === 'raw' ? SOCK_RAW : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC
    const fd = native.socket(domain, type, protocol)
    if (fd < 0) continue
    // A ping socket shares its id from birth, and whoever binds it last gets all the answers: ours is ours alone.
    native.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, int32(0))
    if (kind === 'raw') {
      const { level, name, value } = filter(family)
      native.setsockopt(fd, level, name, value)
    } else {
      const [level, name] = RECEIVE_ERRORS[family]
      native.setsockopt(fd, level, name, int32(1))
    }
    // Without the privilege to force it, the kernel gives as much as rmem_max allows.
    if (native.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, int32(RECEIVE_BUFFER)) < 0)
      native.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, int32(RECEIVE_BUFFER))
    native.setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, int32(1))
    return { fd, family, kind }
  }
  return undefined
}

/** One instruction of a classic packet filter: operation, jump if true, jump if false, operand. */
type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, operand: number]

const LOAD_BYTE = 0x30
const LOAD_HALF = 0x28
const LOAD_BYTE_X = 0x50
const LOAD_HALF_X = 0x48
const LOAD_X_IP_LENGTH = 0xb1
const EQUALS = 0x15
const RETURN = 0x06
const ALL_BYTES = 0x40000

/**
 * Programs that keep replies and quoted requests with our identifier. A raw IPv4 socket begins at the IP header, whose
 * length goes to X; an IPv6 one at the ICMPv6 header, and the quoted IPv6 header is taken to have no extensions.
 */
const ownOnly = (family: Family, identifier: number): readonly Instruction[] => {
  const { request, reply } = TYPES[family]
  if (family === 6)
    return [
      [LOAD_BYTE, 0, 0, 0],
      [EQUALS, 0, 2, reply],
      [LOAD_HALF, 0, 0, 4],
      [EQUALS, 4, 5, identifier],
      [LOAD_BYTE, 0, 0, 48],
      [EQUALS, 0, 3, request],
      [LOAD_HALF, 0, 0, 52],
      [EQUALS, 0, 1, identifier],
      [RETURN, 0, 0, ALL_BYTES],
      [RETURN, 0, 0, 0],
    ]
  return [
    [LOAD_X_IP_LENGTH, 0, 0, 0],
    [LOAD_BYTE_X, 0, 0, 0],
    [EQUALS, 0, 2, reply],
    [LOAD_HALF_X, 0, 0, 4],
    [EQUALS, 9, 10, identifier],
    // An error: X moves on by the length of the quoted IP header (low half of its first byte, times four).
    [LOAD_BYTE_X, 0, 0, 8],
    [0x54, 0, 0, 0x0f],
    [0x64, 0, 0, 2],
    [0x0c, 0, 0, 0],
    [0x07, 0, 0, 0],
    [LOAD_BYTE_X, 0, 0, 8],
    [EQUALS, 0, 3, request],
    [LOAD_HALF_X, 0, 0, 12],
    [EQUALS, 0, 1, identifier],
    [RETURN, 0, 0, ALL_BYTES],
    [RETURN, 0, 0, 0],
  ]
}

/**
 * Has the kernel drop what concerns other programs' pings before it takes room in our buffer. A ping socket needs no
 * filter: the kernel hands it its own replies only. Where the kernel refuses it, the nonce still decides.
 */
export const filterForeign = (native: Native, { fd, family, kind }: IcmpSocket, identifier: number): void => {
  if (kind !== 'raw') return
  const program = ownOnly(family, identifier)
  const code = new DataView(new ArrayBuffer(program.length * 8))
  for (const [index, [operation, jumpTrue, jumpFalse, operand]] of program.entries()) {
    code.setUint16(index * 8, operation, true)
    code.setUint8(index * 8 + 2, jumpTrue)
    code.setUint8(index * 8 + 3, jumpFalse)
    code.setUint32(index * 8 + 4, operand, true)
  }
  const description = new DataView(new ArrayBuffer(16))
  description.setUint16(0, program.length, true)
  description.setBigUint64(8, BigInt(native.address(code.buffer)), true)
  native.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, new Uint8Array(description.buffer))
}

/** Datagrams that this machine has dropped because the socket's buffer was full; NaN where the kernel does not tell. */
export const droppedBy = (native: Native, { fd }: IcmpSocket): number =>
  native.socketOption(fd, SOL_SOCKET, SO_MEMINFO, SK_MEMINFO_DROPS * 4)

/** Bytes of the receive buffer that the kernel granted. */
export const receiveBufferOf = (native: Native, { fd }: IcmpSocket): number =>
  native.socketOption(fd, SOL_SOCKET, SO_RCVBUF, 0)

/**
 * Has the kernel send whole what surely fits every path: it then draws no number for the fragments of each packet, which
 * costs about 4 % of sending. What may be too long keeps the system's way with fragments. Of IPv4 alone.
 */
export const setWhole = (native: Native, { fd, family }: IcmpSocket, whole: boolean): void => {
  const mode = whole ? IP_PMTUDISC_PROBE : IP_PMTUDISC_WANT
  if (family === 4) native.setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, int32(mode))
}

/** Sets how many hops the next packets may take. */
export const setHopLimit = (native: Native, { fd, family }: IcmpSocket, hops: number): void => {
  const [level, name] = family === 4 ? [IPPROTO_IP, IP_TTL] : [IPPROTO_IPV6, IPV6_UNICAST_HOPS]
  native.setsockopt(fd, level, name, int32(hops))
}

/** Has the kernel tell with each datagram from now on how many hops it had left. */
export const tellHops = (native: Native, { fd, family }: IcmpSocket): void => {
  const [level, name] = RECEIVE_HOPS[family]
  native.setsockopt(fd, level, name, int32(1))
}
