import type { DnsAnswer, DnsRecord } from '#lib/net/dns-message.ts'

/** What the DNS says of one name and one IP version. TTLs in seconds. */
export type AddressAnswer =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[]; readonly ttl: number }
  /** The name is not there, or has no address of this version. */
  | { readonly kind: 'nothing'; readonly exists: boolean; readonly ttl: number | undefined }
  /** The server could not say, and says so: `SERVFAIL`. */
  | { readonly kind: 'refused'; readonly rcode: string }

/** Names that one may stand for another: more is a circle. */
const CHAIN = 16
/** Addresses of one name that are kept. */
const ADDRESSES = 64

const plain = (name: string): string => name.toLowerCase()

/** Follows the aliases of an answer from the name that was asked for to its addresses. */
export const addressesIn = (answer: DnsAnswer, name: string, type: 'A' | 'AAAA'): AddressAnswer => {
  if (answer.rcode !== 'NOERROR' && answer.rcode !== 'NXDOMAIN') return { kind: 'refused', rcode: answer.rcode }
  let owner = plain(name.replace(/\.$/, ''))
  let ttl = Number.POSITIVE_INFINITY
  for (let steps = 0; steps < CHAIN; steps++) {
    const addresses: string[] = []
    let alias: DnsRecord | undefined
    for (const record of answer.records) {
      if (plain(record.name) !== owner) continue
      if (record.type === 'CNAME') alias ??= record
      if (record.type !== type) continue
      ttl = Math.min(ttl, record.ttl)
      if (addresses.length < ADDRESSES && !addresses.includes(record.value)) addresses.push(record.value)
    }
    // A copy has no more room than it needs: it may be kept for long.
    if (addresses.length > 0) return { kind: 'addresses', addresses: addresses.slice(), ttl }
    if (!alias) break
    ttl = Math.min(ttl, alias.ttl)
    owner = plain(alias.value)
  }
  const negative = answer.negativeTtl ?? (Number.isFinite(ttl) ? ttl : undefined)
  return { kind: 'nothing', exists: answer.rcode === 'NOERROR', ttl: negative }
}
