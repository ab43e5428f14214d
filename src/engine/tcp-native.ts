import type { ConnectReply, ProbeTools } from '#core/probe.ts'
import { addressBytes } from './icmp-packet.ts'
import { AF_INET, AF_INET6, type Native, SOCK_CLOEXEC, SOCK_NONBLOCK, SOL_SOCKET } from './native.ts'
import { connectFailure, place } from './tcp-errors.ts'

const SOCK_STREAM = 1
const SO_ERROR = 4
const SO_LINGER = 13
const IPPROTO_TCP = 6
const TCP_INFO = 11
/** Offset of `tcpi_rtt` (microseconds) in `struct tcp_info`. */
const TCPI_RTT = 68
const EPOLLOUT = 4
const TICK_MS = 5
/** Connects that wait for an answer at once; more wait for their turn. */
const CONCURRENCY = 8192

interface Attempt {
  readonly fd: number
  readonly target: string
  readonly startedAt: number
  readonly deadline: number
  readonly reset: boolean
  readonly finish: (reply: ConnectReply) => void
}

/**
 * TCP connects by the kernel's own non-blocking calls: one tick serves all that wait, and the time is the handshake's as
 * the kernel measured it, whatever this thread was doing.
 */
export const createTcpConnector = (native: Native): { connect: ProbeTools['connect']; close(): void } => {
  const epoll = native.epollCreate()
  const waiting = new Map<number, Attempt>()
  const queue: (() => void)[] = []
  const value = new Uint8Array(128)
  const view = new DataView(value.buffer)
  const linger = new Uint8Array(Int32Array.of(1, 0).buffer)
  let timer: NodeJS.Timeout | undefined

  const release = ({ fd, reset }: Attempt) => {
    waiting.delete(fd)
    if (reset) native.setsockopt(fd, SOL_SOCKET, SO_LINGER, linger)
    native.close(fd)
    queue.shift()?.()
  }

  /** The kernel's round-trip time of the handshake in ms; what the clock says where it tells none. */
  const handshakeMs = (fd: number, startedAt: number): number => {
    const length = native.getsockopt(fd, IPPROTO_TCP, TCP_INFO, value)
    const microseconds = length > TCPI_RTT + 4 ? view.getUint32(TCPI_RTT, true) : 0
    return microseconds > 0 ? microseconds / 1000 : performance.now() - startedAt
  }

  const succeed = (attempt: Attempt) => {
    const ms = handshakeMs(attempt.fd, attempt.startedAt)
    release(attempt)
    attempt.finish({ ok: true, ms })
  }

  const fail = (attempt: Attempt, errorName: string) => {
    release(attempt)
    attempt.finish(connectFailure(errorName, attempt.target, performance.now() - attempt.startedAt))
  }

  const expire = (attempt: Attempt) => {
    release(attempt)
    const ms = performance.now() - attempt.startedAt
    const message = `connection to ${attempt.target} not answered within ${Math.round(attempt.deadline - attempt.startedAt)} ms`
    attempt.finish({ ok: false, code: 'timeout', message, ms })
  }

  const tick = () => {
    timer = undefined
    for (const fd of native.epollWait(epoll)) {
      const attempt = waiting.get(fd)
      if (!attempt) continue
      native.getsockopt(fd, SOL_SOCKET, SO_ERROR, value)
      const error = view.getInt32(0, true)
      if (error === 0) succeed(attempt)
      else fail(attempt, native.nameOf(error))
    }
    const now = performance.now()
    for (const attempt of waiting.values()) if (now >= attempt.deadline) expire(attempt)
    keepTicking()
  }

  const keepTicking = () => {
    if (waiting.size > 0) timer ??= setTimeout(tick, TICK_MS)
  }

  const start = (
    address: string,
    port: number,
    timeoutMs: number,
    reset: boolean,
    finish: (reply: ConnectReply) => void,
  ): number => {
    const target = place(address, port)
    const bytes = addressBytes(address)
    const startedAt = performance.now()
    const refuse = (errorName: string) => {
      finish(connectFailure(errorName, target, performance.now() - startedAt))
      return -1
    }
    if (!bytes) return refuse('EINVAL')
    const fd = native.socket(bytes.length === 4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
    if (fd < 0) return refuse(native.errorName())
    const attempt: Attempt = { fd, target, startedAt, deadline: startedAt + timeoutMs, reset, finish }
    const connected = native.connect(fd, socketAddress(bytes, port))
    const error = connected < 0 ? native.errorName() : ''
    // On loopback the handshake is over before the call returns.
    if (connected === 0) succeed(attempt)
    else if (error !== 'EINPROGRESS') fail(attempt, error)
    else {
      waiting.set(fd, attempt)
      native.epollAdd(epoll, fd, EPOLLOUT)
      keepTicking()
      return fd
    }
    return -1
  }

  return {
    connect: (address, port, { timeoutMs, signal, reset = false }) =>
      new Promise((resolve) => {
        let fd = -1
        const abort = () => {
          const attempt = waiting.get(fd)
          if (attempt) expire(attempt)
          else if (fd < 0)
            finish({
              ok: false,
              code: 'timeout',
              message: `connection to ${place(address, port)} not begun in time`,
              ms: 0,
            })
        }
        const finish = (reply: ConnectReply) => {
          signal.removeEventListener('abort', abort)
          resolve(reply)
        }
        if (signal.aborted) return abort()
        signal.addEventListener('abort', abort, { once: true })
        const begin = () => {
          if (!signal.aborted) fd = start(address, port, timeoutMs, reset, finish)
        }
        if (waiting.size < CONCURRENCY) begin()
        else queue.push(begin)
      }),
    close: () => {
      clearTimeout(timer)
      queue.length = 0
      for (const attempt of waiting.values()) expire(attempt)
      native.close(epoll)
    },
  }
}

/** `sockaddr_in` or `sockaddr_in6`. */
const socketAddress = (bytes: Uint8Array, port: number): Uint8Array => {
  const v4 = bytes.length === 4
  const address = new Uint8Array(v4 ? 16 : 28)
  const view = new DataView(address.buffer)
  view.setUint16(0, v4 ? AF_INET : AF_INET6, true)
  view.setUint16(2, port)
  address.set(bytes, v4 ? 4 : 8)
  return address
}
