import type { ConnRecord, DnsRecord, HttpRecord, SslRecord } from '#core/event/zeek-record.ts'
import { parseAddress } from '#lib/net/cidr.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'
import { splitName } from './registered-domain.ts'

const MOST_CONNECTIONS = 50_000
const MOST_ADDRESSES = 50_000
const MOST_ANSWERS = 16
const MOST_DOMAINS = 20_000

/** How a client called the server of one connection. */
export interface ServerName {
  /** Lower case, without port. */
  readonly name: string
  /** Asked of a proxy: the server of the connection is not the one that is named. */
  readonly proxied: boolean
}

/** Names of servers, joined from the logs that tell them: by connection, else by address. */
export interface ServerNames {
  learn(record: SslRecord | HttpRecord | DnsRecord): void
  of(conn: ConnRecord): ServerName | undefined
  /**
   * True for a name that only the client said: others of its domain were looked up, nobody was given this address for any
   * name, and no certificate proved it.
   */
  isBorrowed(name: string, serverIp: string): boolean
  /** A certificate of this server proves nothing. */
  isUnproven(serverIp: string): boolean
  /** There are logs of TLS, which would tell. */
  readonly seesTls: boolean
  /** There are logs that tell names of any kind. */
  readonly seesNames: boolean
  readonly tracked: number
  forgotten(): number
}

const hostOnly = (host: string): string => {
  const name = host.toLowerCase()
  if (name.startsWith('[')) return name.slice(1, name.indexOf(']'))
  const colon = name.indexOf(':')
  const bare = colon >= 0 && colon === name.lastIndexOf(':') ? name.slice(0, colon) : name
  return bare.endsWith('.') ? bare.slice(0, -1) : bare
}

/** A host name; an address is no name. */
const nameOf = (host: string | undefined): string | undefined => {
  if (host === undefined || host === '' || host.length > 255) return undefined
  const name = hostOnly(host)
  return name.includes('.') && !parseAddress(name) ? name : undefined
}

/** The host that a proxy is asked for: `CONNECT host:443`, `GET http://host/`. */
const proxiedHost = ({ method, uri, host }: HttpRecord): string | undefined => {
  if (method === 'CONNECT') return host ?? uri
  const absolute = /^[a-z]+:\/\/([^/?#]+)/i.exec(uri ?? '')
  return absolute?.[1]
}

/** Certificates that the sensor found wrong prove nothing about the name. */
const isTrusted = ({ validationStatus }: SslRecord): boolean =>
  validationStatus === undefined || validationStatus === 'ok' || validationStatus.startsWith('unable to get')

/** A company's own root is none of the public ones; it signs what its machines show one another. */
const isSelfSigned = ({ validationStatus, subject, issuer }: SslRecord): boolean =>
  (subject !== undefined && subject !== '' && subject === issuer) ||
  (validationStatus !== undefined && /^self[- ]signed certificate$/.test(validationStatus))

export const createServerNames = (): ServerNames => {
  const connections = createRecentMap<string, ServerName>(MOST_CONNECTIONS)
  const addresses = createRecentMap<string, ServerName>(MOST_ADDRESSES)
  /** Addresses that DNS gave to somebody, or that proved a name; domains of which DNS gave any. */
  const proven = createRecentMap<string, true>(MOST_ADDRESSES)
  const lookedUp = createRecentMap<string, true>(MOST_DOMAINS)
  const unproven = createRecentMap<string, true>(MOST_DOMAINS)
  let seesTls = false
  let seesNames = false

  const learnConnection = (uid: string | undefined, name: string, proxied: boolean, serverIp: string) => {
    const known = uid === undefined ? undefined : connections.get(uid)
    const found = { name, proxied: proxied || known?.proxied === true }
    if (uid !== undefined) connections.set(uid, found)
    if (!found.proxied) addresses.set(serverIp, found)
  }

  return {
    learn: (record) => {
      seesNames = true
      if (record.kind === 'dns') {
        const name = nameOf(record.query)
        if (name === undefined) return
        for (const answer of record.answers.slice(0, MOST_ANSWERS)) {
          if (!parseAddress(answer)) continue
          addresses.set(answer, { name, proxied: false })
          proven.set(answer, true)
          lookedUp.set(splitName(name).domain, true)
        }
        return
      }
      if (record.kind === 'ssl') {
        const name = nameOf(record.serverName)
        seesTls = true
        if (record.validationStatus === 'ok') proven.set(record.serverIp, true)
        if (isSelfSigned(record)) unproven.set(record.serverIp, true)
        if (name !== undefined && isTrusted(record)) learnConnection(record.uid, name, false, record.serverIp)
        return
      }
      const proxied = nameOf(proxiedHost(record))
      const name = proxied ?? nameOf(record.host)
      if (name !== undefined) learnConnection(record.uid, name, proxied !== undefined, record.serverIp)
    },
    of: (conn) =>
      (conn.service !== undefined && conn.uid !== undefined && connections.size > 0
        ? connections.get(conn.uid)
        : undefined) ?? (addresses.size > 0 ? addresses.get(conn.serverIp) : undefined),
    isBorrowed: (name, serverIp) =>
      proven.get(serverIp) === undefined && lookedUp.get(splitName(name).domain) !== undefined,
    isUnproven: (serverIp) => unproven.size > 0 && unproven.get(serverIp) !== undefined,
    get seesTls() {
      return seesTls
    },
    get seesNames() {
      return seesNames
    },
    get tracked() {
      return connections.size + addresses.size + proven.size + unproven.size
    },
    forgotten: () => connections.forgotten() + addresses.forgotten() + proven.forgotten(),
  }
}
