import { networkSet, parseAddress, parseNetwork } from '#lib/cidr.ts'
import { createRecentMap } from '#lib/recent-map.ts'
import { Type } from '#lib/schema.ts'

/** RFC 1918, shared address space (RFC 6598), unique local and link-local addresses. */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
]
/** Never one host: unspecified, loopback, multicast, broadcast, link-local. */
const NO_HOST = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::/10',
  'ff00::/8',
]

const CACHED = 1 << 16

/** Options that several detectors share. */
export const localField = Type.Optional(
  Type.Array(Type.String(), {
    title: 'Own networks',
    description: 'Networks beside the private ones that are ours, as 192.0.2.0/24',
  }),
)

export const ignoreField = Type.Optional(
  Type.Array(Type.String(), {
    title: 'Leave out',
    description:
      'Addresses or networks whose traffic is expected, as 10.0.0.5 (a monitoring server, a scanner of our own)',
  }),
)

export type IsAddress = (ip: string) => boolean

/** Whether an address lies in one of the networks; addresses come again and again, so answers are kept. */
const createMembership = (networks: readonly string[]): IsAddress => {
  const set = networkSet(networks.flatMap((network) => parseNetwork(network) ?? []))
  const known = createRecentMap<string, boolean>(CACHED)
  return (ip) => {
    const found = known.get(ip)
    if (found !== undefined) return found
    const address = parseAddress(ip)
    const member = address !== undefined && set.has(address)
    known.set(ip, member)
    return member
  }
}

/** True for our own addresses: the private ones and what the operator added. */
export const createIsLocal = (own: readonly string[] = []): IsAddress => createMembership([...PRIVATE, ...own])

/** True for what is no single host (multicast, broadcast, link-local), and for what the operator left out. */
export const createIsIgnored = (ignore: readonly string[] = []): IsAddress => createMembership([...NO_HOST, ...ignore])
