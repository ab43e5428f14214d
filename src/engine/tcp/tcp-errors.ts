import { BLACKHOLE, isBlackholed } from '#core/monitor/local-route.ts'
import type { ConnectReply } from '#core/probe.ts'
import type { ErrorCode } from '#core/result/result.ts'

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
  ENETDOWN: { code: 'local_network_down', words: 'impossible: the network interface of this machine is down' },
  EINVAL: { code: 'bad_address', words: 'impossible: that is no address to connect to' },
}

/** A host and port as people write them: IPv6 in brackets. */
export const place = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

/** A connect that the system refused, by the name of its error. */
export const connectFailure = (errorName: string, target: string, ms: number): ConnectReply => {
  const address = target.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  if (isBlackholed(errorName, address))
    return { ok: false, code: 'no_permission', message: `connection to ${target} impossible: ${BLACKHOLE}`, ms }
  const known = CODES[errorName]
  const words = known?.words ?? `failed: ${errorName}`
  return { ok: false, code: known?.code ?? 'internal', message: `connection to ${target} ${words}`, ms }
}
