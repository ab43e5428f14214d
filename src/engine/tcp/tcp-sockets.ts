import type { Timer, Timers } from '#lib/time/timers.ts'
import { AF_INET, AF_INET6, EVENTS_READ, type Native, SOCK_CLOEXEC, SOCK_NONBLOCK, SOL_SOCKET } from '../native.ts'

const SOCK_STREAM = 1
const SO_LINGER = 13
const LINGER_RESET = new Uint8Array(Int32Array.of(1, 0).buffer)
/** What lay idle all this time is closed. */
const SWEEP_MS = 30_000
const EPOLLOUT = 4
const IPPROTO_TCP = 6
/** Has the kernel keep back the packet that ends a handshake, which may go with data or a reset (linux/net/ipv4/tcp_input.c). */
const TCP_DEFER_ACCEPT = 9
const IPPROTO_IP = 0
const IP_BIND_ADDRESS_NO_PORT = 24
const ON = new Uint8Array(Int32Array.of(1).buffer)
/** In place of a descriptor: the address to connect from is not ours. */
export const FOREIGN = -2
/** Once for each change: a socket that lies idle is ready all the time. */
const EPOLLET = 2 ** 31

type Domain = typeof AF_INET | typeof AF_INET6

/** What a connect needs of its socket, and leaves of it. */
export interface SocketUse {
  readonly domain: Domain
  /**
   * It ends by a reset, as soon as the far end has answered: in place of the handshake's last packet, so that the service
   * never hears of it. Who looks later than 200 ms after the answer ends a whole connection.
   */
  readonly resets: boolean
  /** The socket may serve another connect; not one that an address has bound to an interface or a family. */
  readonly reusable: boolean
}

interface Reserve {
  /** The last one goes first, so that what is not needed gathers at the beginning. */
  readonly idle: number[]
  /** News of their last connect may be under way, and must not be taken for news of the next. */
  readonly resting: number[]
  /** Idle ones that nobody asked for since the last sweep. */
  fewest: number
}

const createReserve = (): Reserve => ({ idle: [], resting: [], fewest: 0 })

/**
 * Sockets for connects. One that need not say goodbye serves again: a new socket and its end cost as much as half a
 * handshake. What is idle for long is given back.
 */
export const createTcpSockets = (native: Native, timers: Timers) => {
  const epoll = native.epollCreate()
  const watched: boolean[] = []
  const reserves = {
    [AF_INET]: { plain: createReserve(), resetting: createReserve() },
    [AF_INET6]: { plain: createReserve(), resetting: createReserve() },
  }
  const all = Object.values(reserves).flatMap((both) => Object.values(both))
  const reserveOf = ({ domain, resets }: SocketUse): Reserve =>
    resets ? reserves[domain].resetting : reserves[domain].plain
  let sweeper: Timer | undefined

  const close = (fd: number) => {
    watched[fd] = false
    native.close(fd)
  }

  const sweep = () => {
    for (const reserve of all) {
      for (const fd of [...reserve.idle.splice(0, reserve.fewest), ...reserve.resting.splice(0)]) close(fd)
      reserve.fewest = reserve.idle.length
    }
    if (all.some(({ idle }) => idle.length > 0)) return
    timers.clear(sweeper)
    sweeper = undefined
  }

  const keep = (use: SocketUse, fd: number) => {
    const { idle, resting } = reserveOf(use)
    if (watched[fd]) resting.push(fd)
    else idle.push(fd)
    if (sweeper) return
    sweeper = timers.every(SWEEP_MS, sweep)
    sweeper.unref()
  }

  const open = ({ domain, resets }: SocketUse): number => {
    const fd = native.socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
    if (resets && fd >= 0) native.setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, ON)
    return fd
  }

  return {
    /** A new socket that connects from an address of our own; below 0 when the system gives none. */
    takeFrom: (use: SocketUse, from: Uint8Array): number => {
      const fd = open(use)
      if (fd < 0) return fd
      // The port is chosen at the connect, so that each target has all of them.
      native.setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, ON)
      if (native.bind(fd, from) === 0) return fd
      close(fd)
      return FOREIGN
    },
    /** A socket that is not connected; below 0 when the system gives none. */
    take: (use: SocketUse): number => {
      const reserve = reserveOf(use)
      const fd = reserve.idle.pop()
      if (fd === undefined) return open(use)
      reserve.fewest = Math.min(reserve.fewest, reserve.idle.length)
      return fd
    },
    /** Ends what the socket does and takes it back; what may be connected says goodbye, unless it resets. */
    hangUp: (fd: number, use: SocketUse, connected: boolean) => {
      if (connected && !use.resets) return close(fd)
      if (use.reusable && native.disconnect(fd) === 0) return keep(use, fd)
      native.setsockopt(fd, SOL_SOCKET, SO_LINGER, LINGER_RESET)
      close(fd)
    },
    /** News of this socket is wanted. */
    watch: (fd: number) => {
      if (watched[fd]) return
      watched[fd] = true
      native.epollAdd(epoll, fd, EPOLLOUT | EPOLLET)
    },
    /** Hands over each socket of which there is news, without waiting. */
    readNews: (onNews: (fd: number) => void) => {
      const rested = all.map(({ resting }) => resting.length)
      while (native.epollWait(epoll, onNews) === EVENTS_READ);
      for (const [index, { idle, resting }] of all.entries())
        if (resting.length > 0) idle.push(...resting.splice(0, rested[index]))
    },
    /** Closes what is idle. Everything that was taken must be back. */
    close: () => {
      timers.clear(sweeper)
      for (const { idle, resting } of all) for (const fd of [...idle.splice(0), ...resting.splice(0)]) close(fd)
      native.close(epoll)
    },
  }
}
