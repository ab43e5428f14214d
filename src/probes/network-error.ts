import { because, type Cause, type CauseCode, type Fact } from '#core/cause/cause.ts'
import { isBlackholed } from '#core/monitor/local-route.ts'
import type { ErrorCode, ProbeError } from '#core/result/result.ts'

type OfTarget = Extract<CauseCode, 'refused' | 'reset' | 'closed' | 'unreachable' | 'no_route' | 'unanswered'>

const CODES: Readonly<Record<string, readonly [ErrorCode, OfTarget]>> = {
  ECONNREFUSED: ['refused', 'refused'],
  ECONNRESET: ['reset', 'reset'],
  EPIPE: ['reset', 'closed'],
  EHOSTUNREACH: ['unreachable', 'unreachable'],
  ENETUNREACH: ['no_route', 'no_route'],
  ETIMEDOUT: ['timeout', 'unanswered'],
}

/** What keeps this machine from asking anybody. */
const OWN_CODES: Readonly<Record<string, readonly [ErrorCode, Cause]>> = {
  EMFILE: ['no_descriptors', because('too_many_open_files')],
  ENFILE: ['no_descriptors', because('too_many_open_files_here')],
  EADDRNOTAVAIL: ['local_network_down', because('no_free_port')],
  ENETDOWN: ['local_network_down', because('interface_down')],
  EACCES: ['no_permission', because('not_permitted')],
  EPERM: ['no_permission', because('firewalled')],
}
const BLACKHOLED = ['no_permission', because('blackholed')] as const

/** The address that was refused; of several that were tried in turn, the first. */
const addressOf = ({ address, errors }: { readonly address?: string; readonly errors?: readonly object[] }): string =>
  address ?? (errors?.[0] ? addressOf(errors[0]) : '')

const ownFault = (code: string, error: object): readonly [ErrorCode, Cause] | undefined =>
  isBlackholed(code, addressOf(error)) ? BLACKHOLED : OWN_CODES[code]

const errorOf = (error: NodeJS.ErrnoException, target: Fact, notAsked: (why: Cause) => Cause): ProbeError => {
  const code = error.code ?? ''
  const own = ownFault(code, error)
  if (own) return { code: own[0], cause: notAsked(own[1]) }
  const known = CODES[code]
  if (known) return { code: known[0], cause: because(known[1], { target }) }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO')
    return { code: 'tls_handshake', cause: because('tls_failed', { target, error: code }) }
  return { code: 'protocol_error', cause: because('failed', { target, error: code || error.name }) }
}

/** True where the other side hung up before the TLS handshake was done, as Node says it. */
export const hungUp = ({ code, message }: NodeJS.ErrnoException): boolean =>
  code === 'ECONNRESET' && /before secure TLS connection/.test(message)

/** A socket's or TLS's error as a result; `target` is named in the sentence and must hold no secret. */
export const networkError = (error: NodeJS.ErrnoException, target: string): ProbeError =>
  errorOf(error, target, (why) => because('not_asked', { target, why }))

/** The same of a resolver, by its address and port. */
export const resolverError = (error: NodeJS.ErrnoException, resolver: string): ProbeError =>
  errorOf(error, because('resolver', { place: resolver }), (why) => because('resolver_not_asked', { resolver, why }))
