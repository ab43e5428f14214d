import { AF_INET, AF_INET6, EVENTS_READ, type Native, SOCK_CLOEXEC, SOCK_NONBLOCK, SOL_SOCKET } from './native.ts'

const SOCK_STREAM = 1
const SO_LINGER = 13
const LINGER_RESET = new Uint8Array(Int32Array.of(1, 0).buffer)
/** `AF_UNSPEC`: a connect to it ends the connection by a reset and leaves the socket as new (connect(2)). */
const NOWHERE = new Uint8Array(16)
/** What lay idle all this time is closed. */
const SWEEP_MS = 30_000
const EPOLLOUT = 4
const IPPROTO_TCP = 6
const TCP_QUICKACK = 12
const IPPROTO_IP = 0
const IP_BIND_ADDRESS_NO_PORT = 24
const OFF = new Uint8Array(Int32Array.of(0).buffer)
const ON = new Uint8Array(Int32Array.of(1).buffer)
/** In place of a descriptor: the address to connect from is not ours. */
export const FOREIGN = -2
/** Once for each change: a socket that lies idle is ready all the time. */
const EPOLLET = 2 ** 31

export type Domain = typeof AF_INET | typeof AF_INET6

/** What a connect leaves of its socket. */
export interface SocketUse {
  readonly domain: Domain
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
export const createTcpSockets = (native: Native) => {
  const epoll = native.epollCreate()
  const watched: boolean[] = []
  const reserves = { [AF_INET]: createReserve(), [AF_INET6]: createReserve() }
  const all = Object.values(reserves)
  let sweeper: NodeJS.Timeout | undefined

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
    clearInterval(sweeper)
    sweeper = undefined
  }

  const keep = (domain: Domain, fd: number) => {
    const { idle, resting } = reserves[domain]
    if (watched[fd]) resting.push(fd)
    else idle.push(fd)
    sweeper ??= setInterval(sweep, SWEEP_MS).unref()
  }

  const open = (domain: Domain): number => native.socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)

  return {
    /** A new socket that connects from an address of our own; below 0 when the system gives none. */
    takeFrom: (domain: Domain, from: Uint8Array): number => {
      const fd = open(domain)
      if (fd < 0) return fd
      // The port is chosen at the connect, so that each target has all of them.
      native.setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, ON)
      if (native.bind(fd, from) === 0) return fd
      close(fd)
      return FOREIGN
    },
    /** A socket that is not connected; below 0 when the system gives none. */
    take: (domain: Domain): number => {
      const reserve = reserves[domain]
      const fd = reserve.idle.pop()
      if (fd === undefined) return open(domain)
      reserve.fewest = Math.min(reserve.fewest, reserve.idle.length)
      return fd
    },
    /**
     * Has the kernel keep back the packet that would end the handshake, to send it with what follows or 200 ms later
     * (tcp(7), TCP_QUICKACK): a reset that comes before ends it, and the service never hears of it. For one connect.
     */
    keepBackAck: (fd: number) => native.setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, OFF),
    /** Ends what the socket does and takes it back. `goodbye`: what may be connected is told by FIN, not by RST. */
    hangUp: (fd: number, { domain, reusable }: SocketUse, goodbye: boolean) => {
      if (goodbye) return close(fd)
      if (reusable && native.connect(fd, NOWHERE) === 0) return keep(domain, fd)
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
      clearInterval(sweeper)
      for (const { idle, resting } of all) for (const fd of [...idle.splice(0), ...resting.splice(0)]) close(fd)
      native.close(epoll)
    },
  }
}
