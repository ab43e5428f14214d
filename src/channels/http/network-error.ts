import { type Explanation, permanent, transient } from '../text/outcome.ts'
import { RESOLVER_SILENT } from './lookup.ts'

/** OpenSSL's names of certificate errors, in words. */
const CERTIFICATE_ERRORS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  CERT_REVOKED: 'was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'is signed by a private authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'comes without the authority that signed it',
  UNABLE_TO_GET_ISSUER_CERT: 'comes without the authority that signed it',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is signed by an authority that this machine does not know',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
}

const CERTIFICATE_CURES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "Renew the server's certificate; if it is valid, check this machine's clock.",
  CERT_NOT_YET_VALID: "Check this machine's clock, and the server's certificate.",
  ERR_TLS_CERT_ALTNAME_INVALID: 'Use the name that stands in the certificate as the host.',
}
const TRUST_CURE =
  'Give the server a certificate of a known authority, or start Vigía with NODE_EXTRA_CA_CERTS=/path/to/authority.pem.'

/** Time heals these without anybody changing the settings. */
const PASSING = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])

const certificateError = (code: string, where: string): Explanation | undefined => {
  const fault = CERTIFICATE_ERRORS[code]
  if (fault === undefined) return undefined
  const make = PASSING.has(code) ? transient : permanent
  return make('tls_failed', `The certificate of ${where} ${fault}.`, CERTIFICATE_CURES[code] ?? TRUST_CURE)
}

const NO_DESCRIPTORS = 'This server has too many open files to send.'
const DESCRIPTORS_CURE = 'Raise LimitNOFILE in the unit of systemd, or ulimit -n; vigia doctor tells the bound.'

const BY_CODE: Readonly<Record<string, (where: string) => Explanation>> = {
  ECONNREFUSED: (where) => transient('connection_refused', `${where} refused the connection.`),
  EHOSTUNREACH: (where) => transient('connection_refused', `There is no way to ${where}: host unreachable.`),
  ENETUNREACH: (where) => transient('connection_refused', `There is no way to ${where}: network unreachable.`),
  ETIMEDOUT: (where) => transient('timeout', `${where} did not answer in time.`),
  EMFILE: () => transient('no_descriptors', NO_DESCRIPTORS, DESCRIPTORS_CURE),
  ENFILE: () => transient('no_descriptors', NO_DESCRIPTORS, DESCRIPTORS_CURE),
  ENOTFOUND: (where) => transient('dns_failed', `The name of ${where} was not found.`),
  EAI_AGAIN: (where) => transient('dns_failed', `The name of ${where} could not be looked up now.`),
  [RESOLVER_SILENT]: (where) =>
    transient('dns_failed', `The name of ${where} could not be looked up: the resolver does not answer.`),
  EDNS: (where) => transient('dns_failed', `The name of ${where} could not be looked up.`),
  ETLS: (where) => transient('tls_failed', `The TLS handshake with ${where} failed.`),
  ERR_INVALID_CHAR: () => permanent('bad_configuration', 'A header holds a character that HTTP does not allow.'),
  ERR_INVALID_HTTP_TOKEN: () => permanent('bad_configuration', 'A header has a name that HTTP does not allow.'),
  ERR_INVALID_URI: () => permanent('bad_configuration', 'The login in the URL is not written as URLs ask: % is %25.'),
}

/** A failed connection in words: `code` is the system's or OpenSSL's, `where` is `host:port`. */
export const explainNetworkError = (code: string, where: string): Explanation => {
  const known = BY_CODE[code]?.(where) ?? certificateError(code, where)
  if (known !== undefined) return known
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS'))
    return transient(
      'tls_failed',
      `The TLS handshake with ${where} failed (${code}).`,
      'Check that this port speaks TLS.',
    )
  if (code.startsWith('HPE_')) return transient('bad_answer', `${where} did not answer in HTTP.`)
  return transient('connection_lost', `${where} closed the connection.`)
}

/** The code of a thrown network error; of several attempts, the first one's. */
export const errorCode = (error: unknown): string => {
  if (error instanceof URIError) return 'ERR_INVALID_URI'
  const { code, errors } = error as { code?: unknown; errors?: readonly unknown[] }
  if (typeof code === 'string') return code
  return Array.isArray(errors) && errors.length > 0 ? errorCode(errors[0]) : ''
}
