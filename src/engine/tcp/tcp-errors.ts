import { because, type Cause, type CauseCode } from '#core/cause/cause.ts'
import { isBlackholed } from '#core/monitor/local-route.ts'
import type { ConnectReply } from '#core/probe.ts'
import type { ErrorCode, ProbeError } from '#core/result/result.ts'

type OfTarget = Extract<
  CauseCode,
  `connection_${'refused' | 'reset' | 'unreachable' | 'no_route' | 'unanswered' | 'not_permitted' | 'firewalled'}`
>

/** What the system's error means for a connect. */
const CODES: Readonly<Record<string, readonly [ErrorCode, OfTarget]>> = {
  ECONNREFUSED: ['refused', 'connection_refused'],
  ECONNRESET: ['reset', 'connection_reset'],
  EHOSTUNREACH: ['unreachable', 'connection_unreachable'],
  ENETUNREACH: ['no_route', 'connection_no_route'],
  ETIMEDOUT: ['timeout', 'connection_unanswered'],
  EACCES: ['no_permission', 'connection_not_permitted'],
  EPERM: ['no_permission', 'connection_firewalled'],
}

/** What makes a connect impossible. */
const IMPOSSIBLE: Readonly<Record<string, readonly [ErrorCode, Cause]>> = {
  EMFILE: ['no_descriptors', because('too_many_open_files')],
  ENFILE: ['no_descriptors', because('too_many_open_files_here')],
  EADDRNOTAVAIL: ['local_network_down', because('no_free_port')],
  ENETDOWN: ['local_network_down', because('interface_down')],
  EINVAL: ['bad_address', because('not_connectable')],
}
const BLACKHOLED = ['no_permission', because('blackholed')] as const

/** A host and port as people write them: IPv6 in brackets. */
export const place = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

const failureOf = (errorName: string, target: string): ProbeError => {
  const known = CODES[errorName]
  if (known) return { code: known[0], cause: because(known[1], { target }) }
  const address = target.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  const [code, why] = (isBlackholed(errorName, address) ? BLACKHOLED : IMPOSSIBLE[errorName]) ?? []
  if (code !== undefined && why) return { code, cause: because('connection_impossible', { target, why }) }
  return { code: 'internal', cause: because('connection_failed', { target, error: errorName }) }
}

/** A connect that the system refused, by the name of its error. */
export const connectFailure = (errorName: string, target: string, ms: number): ConnectReply => ({
  ok: false,
  ...failureOf(errorName, target),
  ms,
})
