import type { ErrorCode, ProbeError } from '#core/result.ts'

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
}

/** A socket's or TLS's error as a result; `target` is named in the sentence and must hold no secret. */
export const networkError = (error: NodeJS.ErrnoException, target: string): ProbeError => {
  const code = error.code ?? ''
  const known = CODES[code]
  if (known) return { code: known[0], message: `${target} ${known[1]}` }
  if (code.startsWith('HPE_')) return { code: 'protocol_error', message: `${target} does not answer in HTTP` }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO')
    return { code: 'tls_handshake', message: `the TLS handshake with ${target} failed (${code})` }
  return { code: 'protocol_error', message: `${target} failed: ${code || error.name}` }
}
