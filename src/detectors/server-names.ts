import type { ConnRecord, DnsRecord, HttpRecord, SslRecord } from '#core/event/zeek-record.ts'
import { parseAddress } from '#lib/net/cidr.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'

const MOST_CONNECTIONS = 50_000
const MOST_ADDRESSES = 50_000
const MOST_ANSWERS = 16

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

export const createServerNames = (): ServerNames => {
  const connections = createRecentMap<string, ServerName>(MOST_CONNECTIONS)
  const addresses = createRecentMap<string, ServerName>(MOST_ADDRESSES)

  const learnConnection = (uid: string | undefined, name: string, proxied: boolean, serverIp: string) => {
    const known = uid === undefined ? undefined : connections.get(uid)
    const found = { name, proxied: proxied || known?.proxied === true }
    if (uid !== undefined) connections.set(uid, found)
    if (!found.proxied) addresses.set(serverIp, found)
  }

  return {
    learn: (record) => {
      if (record.kind === 'dns') {
        const name = nameOf(record.query)
        if (name === undefined) return
        for (const answer of record.answers.slice(0, MOST_ANSWERS))
          if (parseAddress(answer)) addresses.set(answer, { name, proxied: false })
        return
      }
      if (record.kind === 'ssl') {
        const name = nameOf(record.serverName)
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
    get tracked() {
      return connections.size + addresses.size
    },
    forgotten: () => connections.forgotten() + addresses.forgotten(),
  }
}
