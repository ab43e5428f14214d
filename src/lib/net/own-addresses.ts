import { readFileSync } from 'node:fs'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { canonicalNetwork } from './canonical-network.ts'

/** The system's interfaces by name; undefined where this process may not ask for them. */
export const ownInterfaces = (): Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>> | undefined => {
  try {
    return networkInterfaces()
  } catch {
    // A service that may open no netlink socket is refused (RestrictAddressFamilies without AF_NETLINK).
    return undefined
  }
}

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The addresses in Linux' table of local routes and in that of its IPv6 addresses (`/proc/net`). */
export const addressesOfTables = (routes: string, inet6: string): readonly string[] => {
  const four = [...routes.matchAll(/\|-- (\S+)\n\s*\/32 host LOCAL/g)].map(([, address]) => address!)
  const six = [...inet6.matchAll(/^([0-9a-f]{32}) /gm)].map(([, digits]) => digits!.match(/.{4}/g)!.join(':'))
  return [...new Set([...four, ...six].flatMap((address) => canonicalNetwork(address) ?? []))]
}

/** Every address that this machine has now, without zones. */
export const ownAddresses = (): readonly string[] => {
  const interfaces = ownInterfaces()
  if (!interfaces) return addressesOfTables(readText('/proc/net/fib_trie'), readText('/proc/net/if_inet6'))
  return Object.values(interfaces).flatMap((addresses = []) => addresses.map(({ address }) => address.split('%')[0]!))
}
