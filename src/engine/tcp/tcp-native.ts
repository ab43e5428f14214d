import { because } from '#core/cause/cause.ts'
import type { ConnectReply, Connects, ProbeTools, ReportConnect } from '#core/probe.ts'
import { putAt } from '#lib/sketch/put-at.ts'
import type { Timer } from '#lib/time/timers.ts'
import { systemTiming, type Timing } from '#lib/time/timing.ts'
import { socketsWithin } from '../descriptors.ts'
import { foreignSource } from '../icmp/send-errors.ts'
import { type Native, SOL_SOCKET } from '../native.ts'
import { createTimerWheel } from '../schedule/timer-wheel.ts'
import { connectFailure } from './tcp-errors.ts'
import { createTcpSockets, FOREIGN } from './tcp-sockets.ts'
import { mayMeetItself, type TcpTarget, targetText, tcpTargetOf } from './tcp-target.ts'

const SO_ERROR = 4
const IPPROTO_TCP = 6
const TCP_INFO = 11
/** Words of `struct tcp_info` (linux/tcp.h): the first byte is the connection's state, `tcpi_rtt` is in microseconds. */
const [TCPI_STATE, TCPI_RTT] = [0, 17]
const [TCP_SYN_SENT, TCP_CLOSE] = [2, 7]
/** Answers are looked for this often: the time itself comes from the kernel. */
const POLL_MS = 5
/** What has not answered soon is not worth many looks. */
const SLOW_POLL_MS = 20
const SOON_MS = 50
/** Connects that wait for an answer at once, where there are descriptors; more wait for their turn. */
const CONCURRENCY = 8192
/** They may take one in so many descriptors. */
const SHARE = 2
const NOTHING = -1

type Done = (tag: number, reply: ConnectReply) => void

interface Waiting {
  readonly target: TcpTarget
  readonly tag: number
  readonly done: Done
}

/**
 * TCP connects by the kernel's own non-blocking calls: one look serves all that wait, and the time is the handshake's as
 * the kernel measured it, whatever this thread was doing.
 */
export const createTcpConnector = (native: Native, { monotonic, timers }: Timing = systemTiming) => {
  const most = socketsWithin(CONCURRENCY, SHARE)
  const sockets = createTcpSockets(native, timers)
  /** Connects under way by descriptor. */
  const targets: (TcpTarget | undefined)[] = []
  const dones: (Done | undefined)[] = []
  const tags: number[] = []
  const startedAt: number[] = []
  const queue = new Map<number, Waiting>()
  let tickets = 0
  let underWay = 0
  let lastBegunAt = 0
  let readAt = 0
  let closed = false
  let timer: Timer | undefined

  /** It waits no more. */
  const forget = (fd: number) => {
    wheel.cancel(fd)
    underWay--
    targets[fd] = undefined
    dones[fd] = undefined
  }

  const conclude = (fd: number, reply: ConnectReply) => {
    const target = targets[fd]!
    const done = dones[fd]!
    forget(fd)
    sockets.hangUp(fd, target, reply.ok)
    done(tags[fd]!, reply)
    beginNext()
  }

  const beginNext = () => {
    while (queue.size > 0 && underWay < most && !closed) {
      const [ticket, { target, tag, done }] = queue.entries().next().value!
      queue.delete(ticket)
      launch(target, tag, done)
    }
  }

  /** How a connect has ended, in the kernel's round-trip time of the handshake; undefined while it waits. */
  const ended = (fd: number, target: TcpTarget, started: number): ConnectReply | undefined => {
    native.getsockopt(fd, IPPROTO_TCP, TCP_INFO)
    const state = native.option[TCPI_STATE]! & 0xff
    if (state !== TCP_SYN_SENT && state !== TCP_CLOSE) {
      const roundTrip = native.option[TCPI_RTT]!
      if (mayMeetItself(target) && native.meetsItself(fd, target.socketAddress!))
        return connectFailure('ECONNREFUSED', targetText(target), monotonic() - started)
      return { ok: true, ms: roundTrip > 0 ? roundTrip / 1000 : monotonic() - started }
    }
    // A router's word may be there while the kernel still tries.
    const error = native.socketOption(fd, SOL_SOCKET, SO_ERROR, 0)
    if (error === 0) return undefined
    return connectFailure(native.nameOf(error), targetText(target), monotonic() - started)
  }

  const onNews = (fd: number) => {
    const target = targets[fd]
    const reply = target && ended(fd, target, startedAt[fd]!)
    if (reply) conclude(fd, reply)
  }

  const readNews = () => {
    readAt = monotonic()
    sockets.readNews(onNews)
  }

  const expire = (fd: number) => {
    // A thread that was busy comes late itself: an answer that is there by now is no time-out.
    if (monotonic() - readAt > 1) readNews()
    const target = targets[fd]
    if (!target) return
    const ms = Math.round(target.request.timeoutMs)
    const cause = because('connection_unanswered_within', { target: targetText(target), ms })
    conclude(fd, { ok: false, code: 'timeout', cause, ms: monotonic() - startedAt[fd]! })
  }

  const wheel = createTimerWheel({ monotonic, onDue: expire, timers })

  const poll = () => {
    timer = undefined
    readNews()
    keepPolling()
  }

  const keepPolling = () => {
    if (underWay === 0 || closed) return
    timer ??= timers.after(monotonic() - lastBegunAt < SOON_MS ? POLL_MS : SLOW_POLL_MS, poll)
  }

  const refuse = (target: TcpTarget, tag: number, done: Done, errorName: string): number => {
    done(tag, connectFailure(errorName, targetText(target), 0))
    return NOTHING
  }

  /** Begins a connect now. Returns its descriptor, or `NOTHING` when it is over already. */
  const launch = (target: TcpTarget, tag: number, done: Done): number => {
    const started = monotonic()
    const { socketAddress, from, near, request } = target
    if (!socketAddress) return refuse(target, tag, done, 'EINVAL')
    const fd = from ? sockets.takeFrom(target, from) : sockets.take(target)
    if (fd === FOREIGN) {
      done(tag, { ok: false, ms: monotonic() - started, ...foreignSource(request.source!) })
      return NOTHING
    }
    if (fd < 0) return refuse(target, tag, done, native.errorName())
    const errorName = native.connect(fd, socketAddress) === 0 ? 'EINPROGRESS' : native.errorName()
    if (errorName !== 'EINPROGRESS') {
      sockets.hangUp(fd, target, false)
      return refuse(target, tag, done, errorName)
    }
    const reply = near ? ended(fd, target, started) : undefined
    if (reply) {
      sockets.hangUp(fd, target, reply.ok)
      done(tag, reply)
      return NOTHING
    }
    targets[fd] = target
    dones[fd] = done
    tags[fd] = tag
    startedAt[fd] = started
    underWay++
    lastBegunAt = started
    sockets.watch(fd)
    wheel.schedule(fd, started + request.timeoutMs)
    keepPolling()
    return fd
  }

  /** Begins a connect, or lines it up. Returns what `drop` takes: a descriptor, or a ticket below `NOTHING`. */
  const begin = (target: TcpTarget, tag: number, done: Done): number => {
    if (underWay < most) return launch(target, tag, done)
    queue.set(++tickets, { target, tag, done })
    return NOTHING - tickets
  }

  /** Drops a connect of which nothing is to be heard any more. */
  const drop = (handle: number, tag: number, done: Done) => {
    if (handle === NOTHING || queue.delete(NOTHING - handle)) return
    const isIt = (fd: number) => dones[fd] === done && tags[fd] === tag
    // One that was lined up has got its descriptor since.
    const fd = handle < NOTHING ? dones.findIndex((_, index) => isIt(index)) : handle
    if (fd < 0 || !isIt(fd)) return
    // What it has come to is unknown, so the socket must not serve again.
    const target = { ...targets[fd]!, reusable: false }
    forget(fd)
    sockets.hangUp(fd, target, true)
  }

  const connect: ProbeTools['connect'] = (address, port, { timeoutMs, signal, reset = false, source }) =>
    new Promise((resolve) => {
      const target = tcpTargetOf({ address, port, timeoutMs, reset, ...(source !== undefined && { source }) })
      const started = monotonic()
      let handle = NOTHING
      const tag = -++tickets
      const done: Done = (_, reply) => {
        signal.removeEventListener('abort', abort)
        resolve(reply)
      }
      const abort = () => {
        drop(handle, tag, done)
        const cause = because('connection_unanswered_in_time', { target: targetText(target) })
        resolve({ ok: false, code: 'timeout', cause, ms: monotonic() - started })
      }
      if (signal.aborted) return abort()
      handle = begin(target, tag, done)
      if (handle !== NOTHING) signal.addEventListener('abort', abort, { once: true })
    })

  /** Connects of many slots; a slot has one at a time. */
  const connects = (report: ReportConnect): Connects => {
    const known: (TcpTarget | undefined)[] = []
    const handles: (number | undefined)[] = []
    const done: Done = (slot, reply) => {
      handles[slot] = NOTHING
      if (reply.ok) report(slot, true, reply.ms, 'ok')
      else report(slot, false, reply.ms, reply.code, reply.cause)
    }
    const cancel = (slot: number) => {
      drop(handles[slot] ?? NOTHING, slot, done)
      handles[slot] = NOTHING
    }
    return {
      start: (slot, request) => {
        let target = known[slot]
        if (target?.request !== request) {
          target = tcpTargetOf(request)
          putAt(known, slot, target)
        }
        const handle = begin(target, slot, done)
        if (handle !== NOTHING) putAt(handles, slot, handle)
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
      timers.clear(timer)
      queue.clear()
      for (const [fd, target] of targets.entries()) if (target) expire(fd)
      wheel.close()
      sockets.close()
    },
  }
}
