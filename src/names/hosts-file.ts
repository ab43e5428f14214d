import { isIP } from 'node:net'

/** Addresses by name in small letters, in the order of the file (hosts(5)). */
export type HostsFile = ReadonlyMap<string, readonly string[]>

const addTo = (hosts: Map<string, string[]>, name: string, address: string) => {
  const known = hosts.get(name)
  if (!known) hosts.set(name, [address])
  else if (!known.includes(address)) known.push(address)
}

/** Reads the file's text; lines that say nothing are passed over. */
export const readHostsFile = (text: string): HostsFile => {
  const hosts = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const hash = line.indexOf('#')
    const [address, ...names] = (hash < 0 ? line : line.slice(0, hash)).trim().split(/\s+/)
    if (address === undefined || isIP(address) === 0) continue
    for (const name of names) addTo(hosts, name.toLowerCase(), address)
  }
  return hosts
}
