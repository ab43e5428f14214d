import { connect } from 'node:net'
import type { ConnectReply } from '#core/probe.ts'
import type { ErrorCode } from '#core/result.ts'

/** What the system's error means for a connect. */
const CODES: Readonly<Record<string, { code: ErrorCode; words: string }>> = {
  ECONNREFUSED: { code: 'refused', words: 'refused' },
  ECONNRESET: { code: 'reset', words: 'reset by the other side' },
  EHOSTUNREACH: { code: 'unreachable', words: 'impossible: the host is unreachable' },
  ENETUNREACH: { code: 'no_route', words: 'impossible: there is no route to that network' },
  ETIMEDOUT: { code: 'timeout', words: 'not answered' },
  EACCES: { code: 'no_permission', words: 'not permitted on this machine' },
  EPERM: { code: 'no_permission', words: 'not permitted by a firewall on this machine' },
  EMFILE: { code: 'no_descriptors', words: 'impossible: this process has too many open files' },
  ENFILE: { code: 'no_descriptors', words: 'impossible: this machine has too many open files' },
  EADDRNOTAVAIL: { code: 'local_network_down', words: 'impossible: this machine has no free port or address for it' },
  EINVAL: { code: 'bad_address', words: 'impossible: that is no address to connect to' },
}

const place = (address: string, port: number) => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`)

/** One TCP connect to an address literal, closed by a reset at once so that no port stays in TIME_WAIT. */
export const tcpConnect = (
  address: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ConnectReply> =>
  new Promise((resolve) => {
    const started = performance.now()
    const target = place(address, port)
    const finish = (reply: ConnectReply) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      resolve(reply)
    }
    const fail = (code: ErrorCode, words: string) => {
      socket.destroy()
      finish({ ok: false, code, message: `connection to ${target} ${words}`, ms: performance.now() - started })
    }
    const abort = () => fail('timeout', 'not answered in time')
    const timer = setTimeout(() => fail('timeout', `not answered within ${timeoutMs} ms`), timeoutMs)
    const socket = connect({ host: address, port, autoSelectFamily: false })
    socket.once('connect', () => {
      const ms = performance.now() - started
      const localAddress = socket.localAddress
      socket.resetAndDestroy()
      finish({ ok: true, ms, ...(localAddress !== undefined && { localAddress }) })
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const known = CODES[error.code ?? '']
      fail(known?.code ?? 'internal', known?.words ?? `failed: ${error.code ?? error.message}`)
    })
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
