import { BLACKHOLE, isBlackholed } from '#core/monitor/local-route.ts'
import type { ErrorCode, ProbeError } from '#core/result/result.ts'

const CODES: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ECONNREFUSED: ['refused', 'refused the connection'],
  ECONNRESET: ['reset', 'reset the connection'],
  EPIPE: ['reset', 'closed the connection'],
  EHOSTUNREACH: ['unreachable', 'is unreachable'],
  ENETUNREACH: ['no_route', 'cannot be reached: there is no route to that network'],
  ETIMEDOUT: ['timeout', 'did not answer'],
  EMFILE: ['no_descriptors', 'was not asked: this process has too many open files'],
  ENFILE: ['no_descriptors', 'was not asked: this machine has too many open files'],
  EADDRNOTAVAIL: ['local_network_down', 'was not asked: this machine has no free port or address for it'],
  ENETDOWN: ['local_network_down', 'was not asked: the network interface of this machine is down'],
  EACCES: ['no_permission', 'was not asked: it is not permitted on this machine'],
  EPERM: ['no_permission', 'was not asked: it is not permitted by a firewall on this machine'],
}

/** The address that was refused; of several that were tried in turn, the first. */
const addressOf = ({ address, errors }: { readonly address?: string; readonly errors?: readonly object[] }): string =>
  address ?? (errors?.[0] ? addressOf(errors[0]) : '')

/** A socket's or TLS's error as a result; `target` is named in the sentence and must hold no secret. */
export const networkError = (error: NodeJS.ErrnoException, target: string): ProbeError => {
  const code = error.code ?? ''
  if (isBlackholed(code, addressOf(error as object)))
    return { code: 'no_permission', message: `${target} was not asked: ${BLACKHOLE}` }
  const known = CODES[code]
  if (known) return { code: known[0], message: `${target} ${known[1]}` }
  if (code.startsWith('HPE_')) return { code: 'protocol_error', message: `${target} does not answer in HTTP` }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO')
    return { code: 'tls_handshake', message: `the TLS handshake with ${target} failed (${code})` }
  return { code: 'protocol_error', message: `${target} failed: ${code || error.name}` }
}
