import { X509Certificate } from 'node:crypto'
import { getCACertificates, type TLSSocket } from 'node:tls'

/** Certificates of one connection, and of one path, that are looked at. */
const MOST_SENT = 16
const LONGEST_PATH = 10
/** Steps of one search: a server may send what makes it go round and round. */
const MOST_STEPS = 200
/** Chains whose end is remembered: checking signatures costs more than the rest of a look. */
const MOST_REMEMBERED = 2000

/** Authorities that are trusted, by their names. */
export type Trust = ReadonlyMap<string, readonly X509Certificate[]>

export const trustOf = (certificates: readonly string[]): Trust =>
  Map.groupBy(
    certificates.map((pem) => new X509Certificate(pem)),
    ({ subject }) => subject,
  )

let ofProcess: Trust | undefined

/** What this process trusts. Read with the first certificate: who watches none does not carry it. */
export const defaultTrust = (): Trust => {
  ofProcess ??= trustOf(getCACertificates('default'))
  return ofProcess
}

/** The certificates that the server sent, its own first; none when it sent none. */
export const sentCertificates = (socket: TLSSocket): readonly X509Certificate[] => {
  const sent: X509Certificate[] = []
  // Of a certificate from a connection, the issuer is the next one that was sent, whoever it is.
  for (let link = socket.getPeerX509Certificate(); link && sent.length < MOST_SENT; link = link.issuerCertificate)
    sent.push(link)
  return sent
}

const endOf = (certificate: X509Certificate): number => certificate.validToDate.getTime()
export const earliestEnd = (certificates: readonly X509Certificate[]): number => Math.min(...certificates.map(endOf))

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)

/** The certificates among those sent that lead from the server's own one upwards, each signed by the next. */
export const linkedPath = (sent: readonly X509Certificate[]): readonly X509Certificate[] => {
  const path = sent.slice(0, 1)
  for (let last = path[0]; last && path.length < LONGEST_PATH; ) {
    const next: X509Certificate | undefined = sent.find((one) => !path.includes(one) && isIssuedBy(last!, one))
    if (next) path.push(next)
    last = next
  }
  return path
}

/**
 * The end (ms) of the path from the server's certificate to a trusted authority, which is the earliest of its
 * certificates; of several paths, the one that lasts longest. Undefined when no path leads there. What is sent besides
 * does not matter: a verifier passes it over.
 */
const searchEnd = (sent: readonly X509Certificate[], trust: Trust): number | undefined => {
  let steps = 0
  const search = (last: X509Certificate, path: readonly X509Certificate[]): number | undefined => {
    const trusted = trust.get(last.subject)?.some(({ fingerprint256 }) => fingerprint256 === last.fingerprint256)
    if (trusted && last.checkIssued(last)) return endOf(last)
    if (path.length >= LONGEST_PATH) return undefined
    let best: number | undefined
    for (const issuer of [...(trust.get(last.issuer) ?? []), ...sent]) {
      if (++steps > MOST_STEPS) break
      if (path.some(({ fingerprint256 }) => fingerprint256 === issuer.fingerprint256)) continue
      if (!isIssuedBy(last, issuer)) continue
      const above = search(issuer, [...path, issuer])
      if (above !== undefined) best = Math.max(best ?? 0, Math.min(endOf(last), above))
    }
    return best
  }
  const [own] = sent
  return own && search(own, [own])
}

const remembered = new WeakMap<Trust, Map<string, number | undefined>>()

/** As `searchEnd`, remembered for each chain as it was sent. */
export const verifiedEnd = (sent: readonly X509Certificate[], trust: Trust): number | undefined => {
  const known = remembered.get(trust) ?? new Map<string, number | undefined>()
  remembered.set(trust, known)
  const key = sent.map(({ fingerprint256 }) => fingerprint256).join()
  if (known.has(key)) return known.get(key)
  if (known.size >= MOST_REMEMBERED) known.clear()
  const end = searchEnd(sent, trust)
  known.set(key, end)
  return end
}
