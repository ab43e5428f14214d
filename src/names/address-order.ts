import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { type Address, networkContains, parseAddress, parseNetwork } from '#lib/net/cidr.ts'
import { connectDatagram } from '#lib/net/connect-datagram.ts'
import { lazily } from '#lib/run/lazily.ts'

/** The address of this machine that packets to `address` would leave from; undefined: there is no way there. */
export type SourceOf = (address: string) => Promise<string | undefined>

/** Connecting a datagram socket sends nothing and asks the kernel for its choice. */
export const sourceOf: SourceOf = (address) =>
  new Promise((resolve) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
    let open = true
    const end = (source: string | undefined) => {
      if (open) socket.close()
      open = false
      resolve(source)
    }
    socket.on('error', () => end(undefined))
    connectDatagram(socket, 9, address, (error) => end(error || !open ? undefined : socket.address().address))
  })

/** The table of RFC 6724, 2.1: precedence and label by network, the longest first. */
const policies = lazily(() =>
  (
    [
      ['::1/128', 50, 0],
      ['::ffff:0:0/96', 35, 4],
      ['::/96', 1, 3],
      ['2001::/32', 5, 5],
      ['2002::/16', 30, 2],
      ['3ffe::/16', 1, 12],
      ['fec0::/10', 1, 11],
      ['fc00::/7', 3, 13],
      ['::/0', 40, 1],
    ] as const
  ).map(([network, precedence, label]) => ({ network: parseNetwork(network)!, precedence, label })),
)

const IPV4 = { precedence: 35, label: 4 } as const

const policyOf = (address: Address, text: string) =>
  isIPv6(text) ? (policies().find(({ network }) => networkContains(network, address)) ?? IPV4) : IPV4

const LINK = 2
const GLOBAL = 14
const linkNetworks = lazily(() =>
  ['fe80::/10', '::1/128', '169.254.0.0/16', '127.0.0.0/8'].map((text) => parseNetwork(text)!),
)

const scopeOf = (address: Address): number =>
  linkNetworks().some((network) => networkContains(network, address)) ? LINK : GLOBAL

interface Judged {
  readonly address: string
  readonly usable: boolean
  readonly scope: number
  readonly scopeFits: boolean
  readonly labelFits: boolean
  readonly precedence: number
}

const bare = (text: string): string => text.split('%')[0]!

const judge = (address: string, source: string | undefined): Judged => {
  const own = source === undefined ? undefined : parseAddress(bare(source))
  const there = parseAddress(bare(address))!
  const { precedence, label } = policyOf(there, bare(address))
  const scope = scopeOf(there)
  return {
    address,
    usable: own !== undefined,
    scope,
    scopeFits: own !== undefined && scopeOf(own) === scope,
    labelFits: own !== undefined && policyOf(own, bare(source!)).label === label,
    precedence,
  }
}

const compare = (one: Judged, other: Judged): number =>
  Number(other.usable) - Number(one.usable) ||
  Number(other.scopeFits) - Number(one.scopeFits) ||
  Number(other.labelFits) - Number(one.labelFits) ||
  other.precedence - one.precedence ||
  one.scope - other.scope

/**
 * Puts the addresses of a name in the order in which they should be tried (RFC 6724, 6): those that can be reached from
 * here first. Addresses of one IP version stay as their server gave them, which may turn them on purpose.
 */
export const inOrder = async (
  addresses: readonly string[],
  source: SourceOf = sourceOf,
): Promise<readonly string[]> => {
  if (addresses.length < 2 || addresses.every(isIPv6) || !addresses.some(isIPv6)) return addresses
  const judged = await Promise.all(addresses.map(async (address) => judge(address, await source(address))))
  return judged.sort(compare).map(({ address }) => address)
}
