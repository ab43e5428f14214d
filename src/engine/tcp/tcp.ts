import { connect } from 'node:net'
import { because, type Cause } from '#core/cause/cause.ts'
import type { ConnectOptions, ConnectReply } from '#core/probe.ts'
import { meetsItself } from '#lib/net/meets-itself.ts'
import { systemTiming, type Timing } from '#lib/time/timing.ts'
import { foreignSource } from '../icmp/send-errors.ts'
import { connectFailure, place } from './tcp-errors.ts'

/** One TCP connect to an address literal by Node's own sockets, for platforms without the native calls. */
export const tcpConnect = (
  address: string,
  port: number,
  { timeoutMs, signal, reset = false, source }: ConnectOptions,
  { monotonic, timers }: Timing = systemTiming,
): Promise<ConnectReply> =>
  new Promise((resolve) => {
    const started = monotonic()
    const target = place(address, port)
    const finish = (reply: ConnectReply) => {
      timers.clear(timer)
      signal.removeEventListener('abort', abort)
      socket.destroy()
      resolve(reply)
    }
    const expire = (cause: Cause) => finish({ ok: false, code: 'timeout', cause, ms: monotonic() - started })
    const abort = () => expire(because('connection_unanswered_in_time', { target }))
    const timer = timers.after(timeoutMs, () =>
      expire(because('connection_unanswered_within', { target, ms: timeoutMs })),
    )
    const socket = connect({
      host: address,
      port,
      autoSelectFamily: false,
      ...(source !== undefined && { localAddress: source }),
    })
    socket.once('connect', () => {
      const ms = monotonic() - started
      const localAddress = socket.localAddress
      const isItself = meetsItself(socket)
      if (reset || isItself) socket.resetAndDestroy()
      if (isItself) return finish(connectFailure('ECONNREFUSED', target, ms))
      finish({ ok: true, ms, ...(localAddress !== undefined && { localAddress }) })
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const ms = monotonic() - started
      // Without one, the same error says that no port is free.
      const foreign = source !== undefined && ['EADDRNOTAVAIL', 'EINVAL'].includes(error.code ?? '')
      finish(
        foreign ? { ok: false, ms, ...foreignSource(source) } : connectFailure(error.code ?? error.name, target, ms),
      )
    })
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
