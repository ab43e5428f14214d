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

type OfTls = Extract<
  CauseCode,
  'tls_not_spoken' | 'tls_version_refused' | 'tls_handshake_refused' | 'tls_wants_certificate'
>

/** What a handshake failed of, by the words of OpenSSL, which stand in the code or in the sentence of an error. */
const TLS_FAULTS: readonly (readonly [RegExp, OfTls])[] = [
  [/wrong version number|packet length too long|http request|record layer failure/, 'tls_not_spoken'],
  [/alert protocol version|unsupported protocol|version too low/, 'tls_version_refused'],
  [/certificate required/, 'tls_wants_certificate'],
  [/alert handshake failure|no shared cipher|alert insufficient security/, 'tls_handshake_refused'],
]

const tlsCause = (error: NodeJS.ErrnoException, target: Fact): Cause => {
  const words = `${error.code} ${error.message}`.toLowerCase().replaceAll('_', ' ')
  const known = TLS_FAULTS.find(([pattern]) => pattern.test(words))?.[1]
  return known ? because(known, { target }) : because('tls_failed', { target, error: error.code ?? '' })
}

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
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return { code: 'tls_handshake', cause: tlsCause(error, target) }
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
