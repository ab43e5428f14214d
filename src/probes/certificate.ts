import type { TLSSocket } from 'node:tls'
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
 * verify, of what it sent that leads upwards from it. Undefined when it sent none.
 */
export const certificateFacts = (socket: TLSSocket, now: number): CertificateFacts | undefined => {
  const sent = sentCertificates(socket)
  const [leaf] = sent
  if (!leaf) return undefined
  const verified = socket.authorizationError ? undefined : verifiedEnd(sent, defaultTrust())
  const earliest = verified ?? earliestEnd(linkedPath(sent))
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

/** What a failed verification means, in one sentence. `reason` is OpenSSL's or Node's code. */
export const verificationError = (reason: string, name: string): ProbeError => {
  const known: Readonly<Record<string, readonly [ErrorCode, string]>> = {
    CERT_HAS_EXPIRED: ['tls_expired', `the certificate of ${name} has expired`],
    CERT_NOT_YET_VALID: ['tls_invalid', `the certificate of ${name} is not yet valid`],
    DEPTH_ZERO_SELF_SIGNED_CERT: ['tls_invalid', `the certificate of ${name} is signed by itself`],
    SELF_SIGNED_CERT_IN_CHAIN: ['tls_invalid', `the certificate chain of ${name} ends in an unknown authority`],
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
      'tls_invalid',
      `${name} does not send the intermediate certificates, or its authority is unknown`,
    ],
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
      'tls_invalid',
      `the authority that signed the certificate of ${name} is unknown`,
    ],
    UNABLE_TO_GET_ISSUER_CERT: ['tls_invalid', `the authority that signed the certificate of ${name} is unknown`],
    CERT_REVOKED: ['tls_invalid', `the certificate of ${name} is revoked`],
    ERR_TLS_CERT_ALTNAME_INVALID: ['tls_name_mismatch', `the certificate is not for the name ${name}`],
    HOSTNAME_MISMATCH: ['tls_name_mismatch', `the certificate is not for the name ${name}`],
  }
  const [code, message] =
    known[reason] ?? (['tls_invalid', `the certificate of ${name} does not verify (${reason})`] as const)
  return { code, message }
}
