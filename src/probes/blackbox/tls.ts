import {
  type ConnectionOptions,
  createSecureContext,
  type DetailedPeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
import { labelText } from '#lib/label-text.ts'
import type { TlsSettings } from './module.ts'
import type { Recorder } from './recorder.ts'

/** The zero of the time type that blackbox_exporter reports where no chain was verified. */
const NO_TIME = -62_135_596_800
/** Certificates of one chain that are looked at. */
const LONGEST_CHAIN = 16

const contexts = new WeakMap<TlsSettings, SecureContext>()

/** Options of a TLS connection by a module's settings; the context is made once per module. */
export const tlsOptions = (settings: TlsSettings, host: string, hostname: string | undefined): ConnectionOptions => {
  let secureContext = contexts.get(settings)
  if (!secureContext) {
    const { ca, cert, key } = settings
    secureContext = createSecureContext({ ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) })
    contexts.set(settings, secureContext)
  }
  const name = settings.serverName ?? hostname ?? host
  return {
    secureContext,
    rejectUnauthorized: settings.verify,
    // An address is no server name, but the certificate is still checked for it.
    ...(/^[\d.]+$|:/.test(name) ? {} : { servername: name }),
  }
}

/** The ends of the certificates as they were sent, ms. */
const endsOf = (socket: TLSSocket): number[] => {
  const ends: number[] = []
  const seen = new Set<string>()
  let link: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  while (link?.valid_to && !seen.has(link.fingerprint256) && ends.length < LONGEST_CHAIN) {
    seen.add(link.fingerprint256)
    ends.push(Date.parse(link.valid_to))
    link = link.issuerCertificate
  }
  return ends
}

/** A name as RFC 2253 writes it: its last part first. */
const oneLine = (name: string | undefined): string => (name ?? '').split('\n').reverse().join(',')

const dnsNames = (alternatives: string | undefined): string =>
  (alternatives ?? '')
    .split(', ')
    .flatMap((one) => (one.startsWith('DNS:') ? [one.slice(4)] : []))
    .join(',')

/** Reports version and certificates of a connection. */
export const recordTls = (socket: TLSSocket, recorder: Recorder): void => {
  const version =
    socket
      .getProtocol()
      ?.replace(/^TLSv1$/, 'TLSv1.0')
      .replace('TLSv', 'TLS ') ?? 'unknown'
  recorder.set('probe_tls_version_info', 'The TLS version that was used.', 1, `{version="${version}"}`)
  const leaf = socket.getPeerX509Certificate()
  if (!leaf) return
  const earliest = Math.floor(Math.min(...endsOf(socket)) / 1000)
  recorder.set('probe_ssl_earliest_cert_expiry', 'Earliest end of the certificates that were sent.', earliest)
  recorder.set(
    'probe_ssl_last_chain_expiry_timestamp_seconds',
    'End of the chain that verified.',
    socket.authorized ? earliest : NO_TIME,
  )
  const fingerprint = leaf.fingerprint256.replaceAll(':', '').toLowerCase()
  const labels = {
    fingerprint_sha256: fingerprint,
    issuer: oneLine(leaf.issuer),
    subject: oneLine(leaf.subject),
    subjectalternative: dnsNames(leaf.subjectAltName),
  }
  recorder.set('probe_ssl_last_chain_info', 'The certificate of the server.', 1, labelText(labels))
}
