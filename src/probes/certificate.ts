import type { TLSSocket } from 'node:tls'
import { because, type CauseCode } from '#core/cause/cause.ts'
import type { ErrorCode, ProbeError } from '#core/result/result.ts'
import { defaultTrust, earliestEnd, linkedPath, sentCertificates, verifiedEnd } from './certificate-path.ts'

const DAY_MS = 86_400_000

export interface CertificateFacts {
  readonly subject: string
  readonly issuer: string
  readonly valid_to: string
  readonly days: number
}

/**
 * The end of the path by which the server's certificate verifies, with the certificate's names; of one that does not
 * verify, of what it sent that leads upwards from it. Undefined when it sent none, or one whose end is no time.
 */
export const certificateFacts = (socket: TLSSocket, now: number): CertificateFacts | undefined => {
  const sent = sentCertificates(socket)
  const [leaf] = sent
  if (!leaf) return undefined
  const verified = socket.authorizationError ? undefined : verifiedEnd(sent, defaultTrust())
  const earliest = verified ?? earliestEnd(linkedPath(sent))
  if (Number.isNaN(earliest)) return undefined
  const oneLine = (name: string | undefined) => (name ?? '').replaceAll('\n', ', ')
  return {
    subject: oneLine(leaf.subject),
    issuer: oneLine(leaf.issuer),
    valid_to: new Date(earliest).toISOString(),
    days: Math.floor((earliest - now) / DAY_MS),
  }
}

/** What the end of a certificate is as a figure of a result. */
export const certificateMetrics = (certificate: Pick<CertificateFacts, 'valid_to'> | undefined) =>
  certificate ? { metrics: { certificateEnds: Date.parse(certificate.valid_to) } } : {}

/** That a certificate ends sooner than is wanted. */
export const endsSoon = (name: string, { days, valid_to }: CertificateFacts): ProbeError => ({
  code: 'tls_expiring',
  cause: because('certificate_ends', { name, days, date: valid_to.slice(0, 10) }),
})

type OfCertificate = Extract<CauseCode, `certificate_${string}`>

/** What OpenSSL and Node say of a certificate that does not verify. */
const VERIFICATION: Readonly<
  Record<string, readonly [ErrorCode, Exclude<OfCertificate, `certificate_${'end' | 'unv'}${string}`>]>
> = {
  CERT_HAS_EXPIRED: ['tls_expired', 'certificate_expired'],
  CERT_NOT_YET_VALID: ['tls_invalid', 'certificate_not_yet_valid'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['tls_invalid', 'certificate_self_signed'],
  SELF_SIGNED_CERT_IN_CHAIN: ['tls_invalid', 'certificate_chain_unknown'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['tls_invalid', 'certificate_chain_incomplete'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['tls_invalid', 'certificate_authority_unknown'],
  UNABLE_TO_GET_ISSUER_CERT: ['tls_invalid', 'certificate_authority_unknown'],
  CERT_REVOKED: ['tls_invalid', 'certificate_revoked'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls_name_mismatch', 'certificate_name_mismatch'],
  HOSTNAME_MISMATCH: ['tls_name_mismatch', 'certificate_name_mismatch'],
}

/** What a failed verification means. `reason` is OpenSSL's or Node's code. */
export const verificationError = (reason: string, name: string): ProbeError => {
  const [code, cause] = VERIFICATION[reason] ?? []
  if (code !== undefined && cause !== undefined) return { code, cause: because(cause, { name }) }
  return { code: 'tls_invalid', cause: because('certificate_unverified', { name, reason }) }
}
