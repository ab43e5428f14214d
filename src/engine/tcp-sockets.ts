import { AF_INET, AF_INET6, type Native, SOCK_CLOEXEC, SOCK_NONBLOCK, SOL_SOCKET } from './native.ts'

const SOCK_STREAM = 1
const SO_LINGER = 13
const LINGER_RESET = new Uint8Array(Int32Array.of(1, 0).buffer)
/** `AF_UNSPEC`: a connect to it ends the connection by a reset and leaves the socket as new (connect(2)). */
const NOWHERE = new Uint8Array(16)
/** What lay idle all this time is closed. */
const SWEEP_MS = 30_000
const EPOLLOUT = 4
/** Once for each change: a socket that lies idle is ready all the time. */
const EPOLLET = 2 ** 31

export type Domain = typeof AF_INET | typeof AF_INET6

/** How a connect is to end. */
export interface HangUp {
  readonly domain: Domain
  /** The socket may serve another connect; not one that an address has bound to an interface or a family. */
  readonly reusable: boolean
  /** Something may be connected, and it is told by FIN, not by RST. */
  readonly goodbye: boolean
}

/**
 * Sockets for connects. One that need not say goodbye serves again: a new socket and its end cost as much as half a
 * handshake. What is idle for long is given back.
 */
export const createTcpSockets = (native: Native) => {
  const epoll = native.epollCreate()
  const watched: boolean[] = []
  /** What lies idle, the last one first to go, and how many never went since the last sweep. */
  const idle = { [AF_INET]: { fds: [] as number[], fewest: 0 }, [AF_INET6]: { fds: [] as number[], fewest: 0 } }
  const kinds = Object.values(idle)
  let sweeper: NodeJS.Timeout | undefined

  const close = (fd: number) => {
    watched[fd] = false
    native.close(fd)
  }

  const sweep = () => {
    for (const kept of kinds) {
      for (const fd of kept.fds.splice(0, kept.fewest)) close(fd)
      kept.fewest = kept.fds.length
    }
    if (kinds.some(({ fds }) => fds.length > 0)) return
    clearInterval(sweeper)
    sweeper = undefined
  }

  const keep = (domain: Domain, fd: number) => {
    idle[domain].fds.push(fd)
    sweeper ??= setInterval(sweep, SWEEP_MS).unref()
  }

  return {
    /** A socket that is not connected; below 0 when the system gives none. */
    take: (domain: Domain): number => {
      const kept = idle[domain]
      const fd = kept.fds.pop()
      if (fd === undefined) return native.socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
      kept.fewest = Math.min(kept.fewest, kept.fds.length)
      return fd
    },
    /** Ends what the socket does and takes it back. */
    hangUp: (fd: number, { domain, reusable, goodbye }: HangUp) => {
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
    /** Hands over sockets of which there is news, perhaps old news, without waiting; fewer than asked for: no more. */
    news: (onNews: (fd: number) => void): number => native.epollWait(epoll, onNews),
    /** Closes what is idle. Everything that was taken must be back. */
    close: () => {
      clearInterval(sweeper)
      for (const { fds } of kinds) for (const fd of fds.splice(0)) close(fd)
      native.close(epoll)
    },
  }
}
