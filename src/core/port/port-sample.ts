/** TCP states in the kernel's numbering (`include/net/tcp_states.h`), by their Linux names; 1 is ESTABLISHED. */
export const TCP_STATES = [
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
] as const
export type TcpState = (typeof TCP_STATES)[number]

/** More ports than this are not counted: each is some dozens of series. */
export const MOST_PORTS = 2000

export const FAMILIES = ['ipv4', 'ipv6'] as const
export type IpFamily = (typeof FAMILIES)[number]

/** Counters of one port and side: the states of IPv4, then those of IPv6. */
export const COUNTERS = FAMILIES.length * TCP_STATES.length

const STATE_INDEX: Readonly<Record<string, number>> = Object.fromEntries(
  TCP_STATES.map((state, index) => [state, index]),
)

/** The sockets that listen on one port, together. */
interface Listeners {
  readonly count: number
  /** Connections that wait to be accepted. */
  readonly queue: number
  /** How many may wait; null where the system does not tell. */
  readonly limit: number | null
  /** Listeners whose queue is over its limit: the kernel drops what comes. */
  readonly full: number
}

/** The connections of one port at one moment. A connection over IPv4 counts as IPv4, also on a socket of IPv6. */
export interface PortSample {
  readonly port: number
  /** Sockets whose own port it is; `COUNTERS` numbers. */
  readonly local: Uint32Array
  /** Sockets of this machine whose far end has this port; absent where nobody asked. */
  readonly remote?: Uint32Array
  readonly listeners: Listeners
}

/** One look at the socket tables. */
export interface PortSamples {
  /** ms since the epoch. */
  readonly at: number
  readonly via: 'netlink' | 'proc'
  readonly ports: readonly PortSample[]
  /** False when the tables changed under the reading so that something may be missing or counted twice. */
  readonly complete: boolean
  /** Listening ports beyond the bound, which are not in `ports`. */
  readonly left: number
}

/** How many are in a state, of one family or of both. */
export const countOf = (counters: Uint32Array, state: TcpState, family?: IpFamily): number => {
  const index = STATE_INDEX[state]!
  const of = (one: number) => counters[one * TCP_STATES.length + index]!
  return family === undefined ? of(0) + of(1) : of(FAMILIES.indexOf(family))
}
