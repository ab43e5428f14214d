import { type Network, parseNetwork, unmapped } from './cidr.ts'

const ipv4Text = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.')

/** The form of RFC 5952: lower case, no leading zeros, the longest run of at least two zero groups left out. */
const ipv6Text = (value: bigint): string => {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(16 * (7 - index))) & 0xffffn).toString(16))
  const text = groups.join(':')
  const runs = [...text.matchAll(/\b0(?::0)+\b/g)].map(([run]) => run)
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '')
  return longest === '' ? text : text.replace(new RegExp(`(?:^|:)${longest}(?:$|:)`), '::')
}

/** The IPv4 network that `::ffff:0:0/96` or a part of it stands for. */
const plainNetwork = (network: Network): Network => {
  const { family, value } = unmapped({ family: network.family, value: network.base })
  return family === network.family || network.prefix < 96
    ? network
    : { family, base: value, prefix: network.prefix - 96 }
}

/**
 * The one way to write an address or a network: `2001:DB8:0::1` is `2001:db8::1`, `10.1.2.3/8` is `10.0.0.0/8`, a network
 * of one address is that address, IPv4 in its IPv6 form is IPv4. Undefined when it is neither.
 */
export const canonicalNetwork = (text: string): string | undefined => {
  const parsed = parseNetwork(text)
  if (!parsed) return undefined
  const { family, base, prefix } = plainNetwork(parsed)
  const address = family === 4 ? ipv4Text(base) : ipv6Text(base)
  return prefix === (family === 4 ? 32 : 128) ? address : `${address}/${prefix}`
}
