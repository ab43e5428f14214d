import { canonicalNetwork } from '#lib/net/canonical-network.ts'
import { plainAddress } from '#lib/text/plain-address.ts'

const LONGEST_TEXT = 100

/** An address however it was written (a zone, brackets, IPv4 within IPv6), in one way; undefined for what is none. */
export const readAddress = (text: string): string | undefined => {
  if (text.length > LONGEST_TEXT) return undefined
  const bare = text.trim()
  return plainAddress(/^\[.*\]$/.test(bare) ? bare.slice(1, -1) : bare)
}

/** The network that one customer or one machine mostly has: /24, or /64 of IPv6. `address` as `readAddress` returns it. */
export const networkOf = (address: string): string =>
  canonicalNetwork(`${address}/${address.includes(':') ? 64 : 24}`) ?? address

/** No ban is wider. */
const WIDEST = { 4: 8, 6: 32 } as const

/** Every network that may be banned and holds the address, the address itself first. */
export const networksHolding = (address: string): readonly string[] => {
  const [widest, bits] = address.includes(':') ? [WIDEST[6], 128] : [WIDEST[4], 32]
  return Array.from({ length: bits - widest + 1 }, (_, index) => canonicalNetwork(`${address}/${bits - index}`)!)
}

/**
 * What a text that names an IPv6 address has in it, however it was written: its groups up to the first of zeros, each with
 * or without leading zeros. An IPv4 address is written in one way. For a first look only: what it finds is read then.
 */
export const likeAddress = (address: string): string => {
  const groups = address.split('::')[0]!.split(':')
  if (!address.includes(':') || groups[0] === '') return `%${address}%`
  const end = groups.indexOf('0')
  return `%${(end > 0 ? groups.slice(0, end) : groups).join(':%')}%`
}
