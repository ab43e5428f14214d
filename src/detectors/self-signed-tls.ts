import { defineDetector, NO_EVENTS } from '#core/detector.ts'
import type { DetectionType } from '#core/event/detection.ts'
import { detectionEvent } from '#core/event/detection.ts'
import type { SslRecord, X509Record } from '#core/event/zeek-record.ts'
import { Type } from '#lib/schema.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'
import { createEpisodes } from './episodes.ts'
import { createIsIgnored, ignoreField } from './networks.ts'

const DAY_MS = 86_400_000
const MOST_CERTIFICATES = 20_000
/** Connections that wait for a certificate which is logged after them. */
const MOST_WAITING = 5_000
/** Servers with a wrong certificate that one client may have told one by one in a day: a scanner meets hundreds. */
const TOLD_ONE_BY_ONE = 25

type Fault = Extract<DetectionType, 'ssl_self_signed' | 'ssl_expired' | 'ssl_not_yet_valid'>

const WORDS: Readonly<Record<Fault, string>> = {
  ssl_self_signed: 'is signed by itself',
  ssl_expired: 'has expired',
  ssl_not_yet_valid: 'is not yet valid (is a clock wrong?)',
}

/**
 * What Zeek's own validation says, in OpenSSL's words of several versions; undefined when it says nothing wrong. A root
 * in the chain that signs itself, as all do, and that is not known here is a company's, or a maker's own.
 */
const faultOfStatus = (status: string): Fault | undefined => {
  if (/^self[- ]signed certificate$/.test(status)) return 'ssl_self_signed'
  if (status.includes('has expired')) return 'ssl_expired'
  return status.includes('not yet valid') ? 'ssl_not_yet_valid' : undefined
}

/** Newer logs name certificates by their hash; older ones number the files in which they came, anew each time. */
const isHash = (id: string): boolean => /^[0-9a-f]{32,128}$/.test(id)

type Certificate = Pick<X509Record, 'subject' | 'issuer' | 'notBeforeMs' | 'notAfterMs'>

const faultOf = ({ subject, issuer, notBeforeMs, notAfterMs }: Certificate, timeMs: number): Fault | undefined => {
  if (subject !== undefined && subject !== '' && subject === issuer) return 'ssl_self_signed'
  if (notAfterMs !== undefined && timeMs > notAfterMs) return 'ssl_expired'
  return notBeforeMs !== undefined && timeMs < notBeforeMs ? 'ssl_not_yet_valid' : undefined
}

/** Servers whose certificate is signed by itself, has expired, or is not yet valid. */
export const selfSignedTls = defineDetector<SslRecord | X509Record>()({
  name: 'self_signed_tls',
  title: 'TLS certificates that prove nothing',
  'x-es': { title: 'Certificados TLS que no prueban nada' },
  kinds: ['zeek/ssl', 'zeek/x509'],
  options: Type.Object({ ignore: ignoreField }, { additionalProperties: false }),
  create: (options) => {
    const isIgnored = createIsIgnored(options.ignore)
    const known = createRecentMap<string, Certificate>(MOST_CERTIFICATES)
    const waiting = createRecentMap<string, SslRecord>(MOST_WAITING)
    const episodes = createEpisodes(DAY_MS)
    /** Different servers per client, and when they were last told together. */
    const perClient = createRecentMap<string, number>(MOST_CERTIFICATES)
    const together = createEpisodes(DAY_MS)

    const isNews = (ssl: SslRecord, fault: Fault, certificate: string): boolean => {
      const { clientIp, serverIp, timeMs } = ssl
      const client = `${clientIp}|${fault}`
      // Nothing about one server: all of them look too young to whoever has the wrong time.
      const subject = fault === 'ssl_not_yet_valid' ? client : `${client}|${serverIp}|${certificate}`
      if (!episodes.announce(subject, timeMs)) return false
      const servers = (perClient.get(client) ?? 0) + 1
      perClient.set(client, servers)
      return servers <= TOLD_ONE_BY_ONE || together.announce(client, timeMs, servers)
    }

    const tell = (ssl: SslRecord, fault: Fault, certificate: Certificate | undefined, told: string) => {
      const { clientIp, serverIp, serverPort, serverName, timeMs, chain, ja3 } = ssl
      const fingerprint = chain[0] !== undefined && isHash(chain[0]) ? chain[0] : undefined
      const subject = certificate?.subject ?? ssl.subject
      const issuer = certificate?.issuer ?? ssl.issuer
      if (!isNews(ssl, fault, fingerprint ?? `${subject} ${issuer}`)) return NO_EVENTS
      const servers = perClient.get(`${clientIp}|${fault}`) ?? 1
      return [
        detectionEvent({
          detectionType: fault,
          severity: 'MEDIUM',
          ip: clientIp,
          at: timeMs,
          firstSeenMs: timeMs,
          lastSeenMs: timeMs,
          reason: `The certificate of ${serverName ?? serverIp} for ${clientIp} ${WORDS[fault]}`,
          fields: {
            dest_ip: serverIp,
            dest_port: serverPort,
            server_name: serverName ?? serverIp,
            domain: serverName,
            subject_name: subject,
            issuer,
            fingerprint,
          },
          evidence: {
            told_by: told,
            status: ssl.validationStatus ?? null,
            not_before: certificate?.notBeforeMs === undefined ? null : new Date(certificate.notBeforeMs).toISOString(),
            not_after: certificate?.notAfterMs === undefined ? null : new Date(certificate.notAfterMs).toISOString(),
            servers_of_client: servers,
            ja3: ja3 ?? null,
          },
        }),
      ]
    }

    const judge = (ssl: SslRecord, certificate: Certificate) => {
      const fault = faultOf(certificate, ssl.timeMs)
      return fault ? tell(ssl, fault, certificate, 'certificate') : NO_EVENTS
    }

    const observeTls = (ssl: SslRecord) => {
      // Calls between browsers prove one another by a fingerprint; their certificates sign themselves (RFC 8827).
      if (ssl.version?.startsWith('DTLS')) return NO_EVENTS
      if (isIgnored(ssl.clientIp) || isIgnored(ssl.serverIp)) return NO_EVENTS
      const leaf = ssl.chain[0]
      const certificate = leaf === undefined ? undefined : known.touch(leaf)
      if (ssl.validationStatus !== undefined) {
        const own = certificate ?? ssl
        const isOwnIssuer = own.subject !== undefined && own.subject !== '' && own.subject === own.issuer
        const inChain = /self[- ]signed certificate in/.test(ssl.validationStatus)
        const fault = inChain && isOwnIssuer ? 'ssl_self_signed' : faultOfStatus(ssl.validationStatus)
        return fault ? tell(ssl, fault, certificate, 'validation') : NO_EVENTS
      }
      if (certificate) return judge(ssl, certificate)
      if (ssl.subject !== undefined)
        return judge(ssl, { subject: ssl.subject, issuer: ssl.issuer, notBeforeMs: undefined, notAfterMs: undefined })
      if (leaf !== undefined) waiting.set(leaf, ssl)
      return NO_EVENTS
    }

    return {
      observe: (record) => {
        if (record.kind === 'ssl') return observeTls(record)
        known.set(record.certificateId, record)
        const ssl = waiting.get(record.certificateId)
        if (!ssl) return NO_EVENTS
        waiting.delete(record.certificateId)
        return judge(ssl, record)
      },
      stats: () => ({
        tracked: known.size + waiting.size + episodes.tracked,
        forgotten: known.forgotten() + waiting.forgotten() + episodes.forgotten(),
      }),
    }
  },
})
