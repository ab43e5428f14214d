import type { ConnectReply, ConnectRequest, Connects, ProbeTools, ReportConnect } from '#core/probe.ts'
import { addressBytes } from './icmp-packet.ts'
import { AF_INET, AF_INET6, EVENTS_READ, type Native, SOCK_CLOEXEC, SOCK_NONBLOCK, SOL_SOCKET } from './native.ts'
import { connectFailure, place } from './tcp-errors.ts'
import { createTimerWheel } from './timer-wheel.ts'

const SOCK_STREAM = 1
const SO_ERROR = 4
const SO_LINGER = 13
const IPPROTO_TCP = 6
const TCP_INFO = 11
/** Offset of `tcpi_rtt` (microseconds) in `struct tcp_info`; its first byte is the state of the connection. */
const TCPI_RTT = 68
const TCP_SYN_SENT = 2
const EPOLLOUT = 4
/** Answers are looked for this often: the time itself comes from the kernel. */
const POLL_MS = 5
/** What has not answered soon is not worth many looks. */
const SLOW_POLL_MS = 20
const SOON_MS = 50
/** Connects that wait for an answer at once; more wait for their turn. */
const CONCURRENCY = 8192
const NOTHING = -1

/** Where a request goes, read once and used for every connect. */
interface Target {
  readonly request: ConnectRequest
  readonly domain: number
  /** `sockaddr_in` or `sockaddr_in6`; undefined when the address is none. */
  readonly socketAddress: Uint8Array | undefined
}

type Done = (tag: number, reply: ConnectReply) => void

interface Waiting {
  readonly target: Target
  readonly tag: number
  readonly done: Done
}

const textOf = ({ request }: Target): string => place(request.address, request.port)

const targetOf = (request: ConnectRequest): Target => {
  const bytes = addressBytes(request.address)
  return {
    request,
    domain: bytes?.length === 16 ? AF_INET6 : AF_INET,
    socketAddress: bytes && socketAddress(bytes, request.port),
  }
}

const socketAddress = (bytes: Uint8Array, port: number): Uint8Array => {
  const v4 = bytes.length === 4
  const address = new Uint8Array(v4 ? 16 : 28)
  const view = new DataView(address.buffer)
  view.setUint16(0, v4 ? AF_INET : AF_INET6, true)
  view.setUint16(2, port)
  address.set(bytes, v4 ? 4 : 8)
  return address
}

/**
 * TCP connects by the kernel's own non-blocking calls: one look serves all that wait, and the time is the handshake's as
 * the kernel measured it, whatever this thread was doing.
 */
export const createTcpConnector = (native: Native) => {
  const epoll = native.epollCreate()
  /** Connects under way by descriptor. */
  const targets: (Target | undefined)[] = []
  const dones: (Done | undefined)[] = []
  const tags: number[] = []
  const startedAt: number[] = []
  const queue = new Map<number, Waiting>()
  const linger = new Uint8Array(Int32Array.of(1, 0).buffer)
  let tickets = 0
  let underWay = 0
  let lastBegunAt = 0
  let closed = false
  let timer: NodeJS.Timeout | undefined

  /** Closes a descriptor of ours and lets the next one in. */
  const release = (fd: number) => {
    wheel.cancel(fd)
    underWay--
    shut(fd, targets[fd]!)
    targets[fd] = undefined
    dones[fd] = undefined
  }

  const shut = (fd: number, { request }: Target) => {
    if (request.reset) native.setsockopt(fd, SOL_SOCKET, SO_LINGER, linger)
    native.close(fd)
  }

  const conclude = (fd: number, reply: ConnectReply) => {
    const done = dones[fd]!
    const tag = tags[fd]!
    release(fd)
    done(tag, reply)
    beginNext()
  }

  const beginNext = () => {
    while (queue.size > 0 && underWay < CONCURRENCY && !closed) {
      const [ticket, { target, tag, done }] = queue.entries().next().value!
      queue.delete(ticket)
      launch(target, tag, done)
    }
  }

  /** The kernel's round-trip time of the handshake in ms; what the clock says where it tells none. */
  const handshakeMs = (fd: number, started: number): number => {
    const microseconds = native.socketOption(fd, IPPROTO_TCP, TCP_INFO, TCPI_RTT)
    return microseconds > 0 ? microseconds / 1000 : performance.now() - started
  }

  const expire = (fd: number) => {
    const target = targets[fd]!
    const message = `connection to ${textOf(target)} not answered within ${Math.round(target.request.timeoutMs)} ms`
    conclude(fd, { ok: false, code: 'timeout', message, ms: performance.now() - startedAt[fd]! })
  }

  const wheel = createTimerWheel({ monotonic: () => performance.now(), onDue: expire })

  const onReady = (fd: number) => {
    const target = targets[fd]
    if (!target) return
    const error = native.socketOption(fd, SOL_SOCKET, SO_ERROR, 0)
    const started = startedAt[fd]!
    if (error !== 0) {
      return conclude(fd, connectFailure(native.nameOf(error), textOf(target), performance.now() - started))
    }
    const ms = handshakeMs(fd, started)
    // News of an earlier connect by the same number of descriptor.
    if ((native.socketOption(fd, IPPROTO_TCP, TCP_INFO, 0) & 0xff) === TCP_SYN_SENT) return
    conclude(fd, { ok: true, ms })
  }

  const poll = () => {
    timer = undefined
    while (native.epollWait(epoll, onReady) === EVENTS_READ);
    keepPolling()
  }

  const keepPolling = () => {
    if (underWay === 0 || closed) return
    timer ??= setTimeout(poll, performance.now() - lastBegunAt < SOON_MS ? POLL_MS : SLOW_POLL_MS)
  }

  /** Begins a connect now. Returns its descriptor, or `NOTHING` when it is over already. */
  const launch = (target: Target, tag: number, done: Done): number => {
    const started = performance.now()
    const { domain, socketAddress, request } = target
    const refuse = (errorName: string): number => {
      done(tag, connectFailure(errorName, textOf(target), performance.now() - started))
      return NOTHING
    }
    if (!socketAddress) return refuse('EINVAL')
    const fd = native.socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
    if (fd < 0) return refuse(native.errorName())
    // On loopback the handshake is over before the call returns.
    if (native.connect(fd, socketAddress) === 0) {
      const ms = handshakeMs(fd, started)
      shut(fd, target)
      done(tag, { ok: true, ms })
      return NOTHING
    }
    const errorName = native.errorName()
    if (errorName !== 'EINPROGRESS') {
      native.close(fd)
      return refuse(errorName)
    }
    targets[fd] = target
    dones[fd] = done
    tags[fd] = tag
    startedAt[fd] = started
    underWay++
    lastBegunAt = started
    native.epollAdd(epoll, fd, EPOLLOUT)
    wheel.schedule(fd, started + request.timeoutMs)
    keepPolling()
    return fd
  }

  /** Begins a connect, or lines it up. Returns what `drop` takes: a descriptor, or a ticket below `NOTHING`. */
  const begin = (target: Target, tag: number, done: Done): number => {
    if (underWay < CONCURRENCY) return launch(target, tag, done)
    queue.set(++tickets, { target, tag, done })
    return NOTHING - tickets
  }

  /** Drops a connect of which nothing is to be heard any more. */
  const drop = (handle: number, tag: number) => {
    if (handle < NOTHING) queue.delete(NOTHING - handle)
    else if (handle >= 0 && targets[handle] && tags[handle] === tag) release(handle)
  }

  const connect: ProbeTools['connect'] = (address, port, { timeoutMs, signal, reset = false }) =>
    new Promise((resolve) => {
      const target = targetOf({ address, port, timeoutMs, reset })
      const giveUp = () => {
        const message = `connection to ${textOf(target)} not answered in time`
        resolve({ ok: false, code: 'timeout', message, ms: performance.now() - started })
      }
      const started = performance.now()
      if (signal.aborted) return giveUp()
      const tag = -++tickets
      const handle = begin(target, tag, (_, reply) => {
        signal.removeEventListener('abort', abort)
        resolve(reply)
      })
      const abort = () => {
        drop(handle, tag)
        giveUp()
      }
      if (handle !== NOTHING) signal.addEventListener('abort', abort, { once: true })
    })

  /** Connects of many slots; a slot has one at a time. */
  const connects = (report: ReportConnect): Connects => {
    const known: (Target | undefined)[] = []
    const handles: number[] = []
    const done: Done = (slot, reply) => {
      handles[slot] = NOTHING
      if (reply.ok) report(slot, true, reply.ms, 'ok')
      else report(slot, false, reply.ms, reply.code, reply.message)
    }
    const cancel = (slot: number) => {
      drop(handles[slot] ?? NOTHING, slot)
      handles[slot] = NOTHING
    }
    return {
      start: (slot, request) => {
        let target = known[slot]
        if (target?.request !== request) {
          target = targetOf(request)
          known[slot] = target
        }
        const handle = begin(target, slot, done)
        if (handle !== NOTHING) handles[slot] = handle
      },
      cancel,
      close: () => {
        for (const slot of handles.keys()) cancel(slot)
      },
    }
  }

  return {
    connect,
    connects,
    close: () => {
      closed = true
      clearTimeout(timer)
      queue.clear()
      for (const [fd, target] of targets.entries()) if (target) expire(fd)
      wheel.close()
      native.close(epoll)
    },
  }
}
