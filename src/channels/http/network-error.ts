import { because, type CauseCode } from '#core/cause/cause.ts'
import { type Cure, helps } from '#core/cause/delivery-cures.ts'
import { type Explanation, permanent, transient } from '../text/outcome.ts'
import { RESOLVER_SILENT } from './lookup.ts'

/** OpenSSL's names of certificate errors. */
const CERTIFICATE_ERRORS = {
  CERT_HAS_EXPIRED: 'delivery_certificate_expired',
  CERT_NOT_YET_VALID: 'delivery_certificate_not_yet_valid',
  CERT_REVOKED: 'delivery_certificate_revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'delivery_certificate_self_signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'delivery_certificate_private_authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'delivery_certificate_without_authority',
  UNABLE_TO_GET_ISSUER_CERT: 'delivery_certificate_without_authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'delivery_certificate_unknown_authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'delivery_certificate_of_another_name',
} as const satisfies Readonly<Record<string, CauseCode>>

const CERTIFICATE_CURES: Readonly<Record<string, Cure>> = {
  CERT_HAS_EXPIRED: helps('renew_certificate'),
  CERT_NOT_YET_VALID: helps('check_clock_and_certificate'),
  ERR_TLS_CERT_ALTNAME_INVALID: helps('use_certificates_name'),
}

/** Time heals these without anybody changing the settings. */
const PASSING = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])

const certificateError = (code: string, where: string): Explanation | undefined => {
  if (!Object.hasOwn(CERTIFICATE_ERRORS, code)) return undefined
  const fault = CERTIFICATE_ERRORS[code as keyof typeof CERTIFICATE_ERRORS]
  const make = PASSING.has(code) ? transient : permanent
  return make('tls_failed', because(fault, { where }), CERTIFICATE_CURES[code] ?? helps('trust_authority'))
}

const noDescriptors = () => transient('no_descriptors', because('delivery_no_descriptors'), helps('raise_open_files'))

const BY_CODE: Readonly<Record<string, (where: string) => Explanation>> = {
  ECONNREFUSED: (where) => transient('connection_refused', because('delivery_connection_refused', { where })),
  EHOSTUNREACH: (where) => transient('connection_refused', because('delivery_host_unreachable', { where })),
  ENETUNREACH: (where) => transient('connection_refused', because('delivery_network_unreachable', { where })),
  ETIMEDOUT: (where) => transient('timeout', because('delivery_not_answered', { where })),
  EMFILE: noDescriptors,
  ENFILE: noDescriptors,
  ENOTFOUND: (where) => transient('dns_failed', because('delivery_name_not_found', { where })),
  EAI_AGAIN: (where) => transient('dns_failed', because('delivery_name_not_looked_up_now', { where })),
  [RESOLVER_SILENT]: (where) => transient('dns_failed', because('delivery_resolver_silent', { where })),
  EDNS: (where) => transient('dns_failed', because('delivery_name_not_looked_up', { where })),
  ETLS: (where) => transient('tls_failed', because('delivery_tls_failed', { where })),
  ERR_INVALID_CHAR: () => permanent('bad_configuration', because('http_header_character')),
  ERR_INVALID_HTTP_TOKEN: () => permanent('bad_configuration', because('http_header_name')),
  ERR_INVALID_URI: () => permanent('bad_configuration', because('http_login_not_encoded')),
}

/** What a failed connection means: `code` is the system's or OpenSSL's, `where` is `host:port`. */
export const explainNetworkError = (code: string, where: string): Explanation => {
  const known = BY_CODE[code]?.(where) ?? certificateError(code, where)
  if (known !== undefined) return known
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    const cause = because('delivery_tls_failed_with', { where, error: code })
    return transient('tls_failed', cause, helps('check_port_speaks_tls'))
  }
  if (code.startsWith('HPE_')) return transient('bad_answer', because('http_not_spoken', { where }))
  return transient('connection_lost', because('delivery_connection_closed', { where }))
}

/** The code of a thrown network error; of several attempts, the first one's. */
export const errorCode = (error: unknown): string => {
  if (error instanceof URIError) return 'ERR_INVALID_URI'
  const { code, errors } = error as { code?: unknown; errors?: readonly unknown[] }
  if (typeof code === 'string') return code
  return Array.isArray(errors) && errors.length > 0 ? errorCode(errors[0]) : ''
}
