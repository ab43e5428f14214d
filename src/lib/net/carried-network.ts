import { lazily } from '../run/lazily.ts'
import { type Network, parseNetwork } from './cidr.ts'

/** Ranges of IPv6 whose addresses stand for IPv4 ones, and how many bits below the IPv4 address there are. */
const carriers = lazily(() =>
  (
    [
      ['::ffff:0:0:0/96', 0], // translated (RFC 2765)
      ['64:ff9b::/96', 0], // NAT64 (RFC 6052)
      ['64:ff9b:1::/48', 0], // NAT64 of a site, in its usual /96 form (RFC 8215)
      ['2002::/16', 80], // 6to4 (RFC 3056)
    ] as const
  ).map(([text, below]) => ({ range: parseNetwork(text)!, below })),
)

const IPV4_BITS = 32

const holds = (outer: Network, inner: Network): boolean =>
  outer.prefix <= inner.prefix && (outer.base ^ inner.base) >> BigInt(128 - outer.prefix) === 0n

/** The IPv4 networks that an IPv6 one stands for behind a translator: `64:ff9b::c000:200/120` for `192.0.2.0/24`. */
export const carriedNetworks = (network: Network): readonly Network[] =>
  network.family === 4
    ? []
    : carriers().flatMap(({ range, below }): Network[] => {
        if (holds(network, range)) return [{ family: 4, base: 0n, prefix: 0 }]
        if (!holds(range, network)) return []
        const prefix = Math.min(IPV4_BITS, Math.max(0, network.prefix - (128 - IPV4_BITS - below)))
        const rest = BigInt(IPV4_BITS - prefix)
        const address = (network.base >> BigInt(below)) & 0xffffffffn
        return [{ family: 4, base: (address >> rest) << rest, prefix }]
      })
