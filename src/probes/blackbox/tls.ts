import type { X509Certificate } from 'node:crypto'
import { type ConnectionOptions, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import { wireName } from '#lib/net/wire-name.ts'
import { labelText } from '#lib/text/label-text.ts'
import { defaultTrust, earliestEnd, sentCertificates, type Trust, trustOf, verifiedEnd } from '../certificate-path.ts'
import type { TlsSettings } from './module.ts'
import type { Recorder } from './recorder.ts'

/** The zero of the time type that blackbox_exporter reports where no chain was verified. */
const NO_TIME = -62_135_596_800

const ONE_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

const contexts = new WeakMap<TlsSettings, SecureContext>()

const trusts = new WeakMap<TlsSettings, Trust>()

/** Whom a module trusts: the authorities that it names, else those of this process. */
const trusted = (settings: TlsSettings): Trust => {
  if (!settings.ca) return defaultTrust()
  const trust = trusts.get(settings) ?? trustOf(settings.ca.match(ONE_CERTIFICATE) ?? [])
  trusts.set(settings, trust)
  return trust
}

/** Options of a TLS connection by a module's settings; the context is made once per module. */
export const tlsOptions = (settings: TlsSettings, host: string, hostname: string | undefined): ConnectionOptions => {
  let secureContext = contexts.get(settings)
  if (!secureContext) {
    const { verify, serverName, ...given } = settings
    secureContext = createSecureContext(given)
    contexts.set(settings, secureContext)
  }
  const name = settings.serverName ?? hostname?.replace(/:\d+$/, '') ?? host
  return {
    secureContext,
    rejectUnauthorized: settings.verify,
    // An address is no server name, but the certificate is still checked for it.
    ...(/^[\d.]+$|:/.test(name) ? {} : { servername: wireName(name) }),
  }
}

/** A name as RFC 2253 writes it: its last part first. */
const oneLine = (name: string | undefined): string => (name ?? '').split('\n').reverse().join(',')

const dnsNames = (alternatives: string | undefined): string =>
  (alternatives ?? '')
    .split(', ')
    .flatMap((one) => (one.startsWith('DNS:') ? [one.slice(4)] : []))
    .join(',')

/** What a connection tells of its handshake, as long as it is open. */
export interface Handshake {
  readonly protocol: string | null
  readonly sent: readonly X509Certificate[]
  readonly authorized: boolean
}

export const handshakeOf = (socket: TLSSocket): Handshake => ({
  protocol: socket.getProtocol(),
  sent: sentCertificates(socket),
  authorized: socket.authorized,
})

/** Reports version and certificates of a connection that is open. */
export const recordTls = (socket: TLSSocket, settings: TlsSettings, recorder: Recorder): void =>
  recordHandshake(handshakeOf(socket), settings, recorder)

/** Reports version and certificates of a handshake. */
export const recordHandshake = (
  { protocol, sent, authorized }: Handshake,
  settings: TlsSettings,
  recorder: Recorder,
): void => {
  const version = protocol?.replace(/^TLSv1$/, 'TLSv1.0').replace('TLSv', 'TLS ') ?? 'unknown'
  recorder.set('probe_tls_version_info', 'The TLS version that was used.', 1, `{version="${version}"}`)
  const [leaf] = sent
  if (!leaf) return
  const earliest = Math.floor(earliestEnd(sent) / 1000)
  // Who is told not to verify does not know a chain either.
  const verified = authorized && settings.verify ? verifiedEnd(sent, trusted(settings)) : undefined
  recorder.set('probe_ssl_earliest_cert_expiry', 'Earliest end of the certificates that were sent.', earliest)
  recorder.set(
    'probe_ssl_last_chain_expiry_timestamp_seconds',
    'End of the chain that verified.',
    verified === undefined ? NO_TIME : Math.floor(verified / 1000),
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
