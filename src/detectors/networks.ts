import { networkSet, parseAddress, parseNetwork } from '#lib/net/cidr.ts'
import { isPrivate } from '#lib/net/private-address.ts'
import { Type } from '#lib/schema.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'

const CACHED = 1 << 16

/** Options that several detectors share. */
export const localField = Type.Optional(
  Type.Array(Type.String(), {
    title: 'Own networks',
    description: 'Networks beside the private ones that are ours, as 192.0.2.0/24',
    'x-es': { title: 'Redes propias', description: 'Redes nuestras además de las privadas, como 192.0.2.0/24' },
  }),
)

export const ignoreField = Type.Optional(
  Type.Array(Type.String(), {
    title: 'Leave out',
    description:
      'Addresses or networks whose traffic is expected, as 10.0.0.5 (a monitoring server, a scanner of our own)',
    'x-es': {
      title: 'Excluir',
      description:
        'Direcciones o redes cuyo tráfico es esperado, como 10.0.0.5 (un servidor de monitoreo, un escáner propio)',
    },
  }),
)

export type IsAddress = (ip: string) => boolean

const PRIVATE_BLOCK = /^(?:10|192\.168|172|100)\./

/** True within one block of private addresses, or among the unique local ones. */
export const isNear = (one: string, other: string): boolean => {
  const block = PRIVATE_BLOCK.exec(one)?.[0]
  return block !== undefined ? other.startsWith(block) : isPrivate(one) && one.includes(':') && other.includes(':')
}

const DOT = 46
const ZERO = 48
const ONE = 49
const TWO = 50
const COLON = 58
const UPPER_F = 70
const LOWER_F = 102

/** The first three groups of an IPv6 address in full, which are one site's. */
const siteOf = (ip: string): string | undefined => {
  const groups = ip.split(':', 4)
  return groups.length < 4 || groups.slice(0, 3).includes('') ? undefined : groups.slice(0, 3).join(':').toLowerCase()
}

/** True for two global IPv6 addresses of one /48: what one customer of a provider has. */
export const isSameSite = (one: string, other: string): boolean => {
  // Global ones begin with four digits and a colon: nearly all others are sorted out by that.
  if (one.charCodeAt(4) !== COLON || other.charCodeAt(4) !== COLON || one.charCodeAt(0) !== other.charCodeAt(0))
    return false
  const site = siteOf(one)
  return site !== undefined && site === siteOf(other)
}

/** True for what is never one host on a network: unspecified, loopback, multicast, broadcast, link-local. */
const isNoHost = (ip: string): boolean => {
  switch (ip.charCodeAt(0)) {
    case ZERO:
      return ip.startsWith('0.')
    // 127, 169.254, 224 to 239, 255: nothing else that begins with 1 or 2 is special.
    case ONE:
      return ip.startsWith('127.') || ip.startsWith('169.254.')
    case TWO:
      return ip.charCodeAt(3) === DOT && Number(ip.slice(0, 3)) >= 224
    case COLON:
      return ip === '::' || ip === '::1'
    case LOWER_F:
    case UPPER_F:
      return ip.includes(':') && /^f(?:f|e[89ab])/i.test(ip)
    default:
      return false
  }
}

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

const either = (known: IsAddress, more: readonly string[]): IsAddress => {
  if (more.length === 0) return known
  const isMember = createMembership(more)
  return (ip) => known(ip) || isMember(ip)
}

/** True for our own addresses: the private ones and what the operator added. */
export const createIsLocal = (own: readonly string[] = []): IsAddress => either(isPrivate, own)

/** True for what is no single host (multicast, broadcast, link-local), and for what the operator left out. */
export const createIsIgnored = (ignore: readonly string[] = []): IsAddress => either(isNoHost, ignore)
