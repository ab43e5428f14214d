import { canonicalNetwork } from '#lib/canonical-network.ts'
import { type Network, networkContains, parseNetwork } from '#lib/cidr.ts'

export interface BanLimits {
  /** What can never be banned, nor any network that holds a part of it. */
  readonly allowed: readonly Network[]
  readonly longestMs: number
}

export type BanRefusalCode = 'invalid_address' | 'too_wide' | 'never_banned' | 'invalid_duration'

export interface BanRefusal {
  readonly code: BanRefusalCode
  readonly message: string
}

/** Without these a machine cannot talk to itself; the IPv4 addresses within IPv6 stand for all of IPv4. */
const ALWAYS_ALLOWED = ['127.0.0.0/8', '::1', '0.0.0.0/8', '::']
/** A wider network is a slip of the keyboard, not an attacker. */
const WIDEST = { 4: 8, 6: 32 } as const

/** Reads the administrators' list; says which entries are no address or network. */
export const parseAllowed = (
  entries: readonly string[],
): { networks: readonly Network[]; wrong: readonly string[] } => {
  const networks = entries.map((entry) => [entry, parseNetwork(canonicalNetwork(entry) ?? '')] as const)
  return {
    networks: networks.flatMap(([, network]) => network ?? []),
    wrong: networks.flatMap(([entry, network]) => (network ? [] : [entry])),
  }
}

const ALWAYS = parseAllowed(ALWAYS_ALLOWED).networks

const overlap = (a: Network, b: Network): boolean =>
  a.family === b.family &&
  (networkContains(a, { family: b.family, value: b.base }) || networkContains(b, { family: a.family, value: a.base }))

/** Why an address or network may not be banned for so long; undefined when it may. `ip` is in its canonical form. */
export const banRefusal = (
  ip: string,
  durationMs: number | undefined,
  { allowed, longestMs }: BanLimits,
): BanRefusal | undefined => {
  const network = parseNetwork(ip)
  if (!network || canonicalNetwork(ip) !== ip)
    return {
      code: 'invalid_address',
      message: 'ip must be an IPv4 or IPv6 address, or a network such as 203.0.113.0/28.',
    }
  if (network.prefix < WIDEST[network.family])
    return { code: 'too_wide', message: `${ip} is too wide: ban a network of at least /${WIDEST[network.family]}.` }
  if ([...ALWAYS, ...allowed].some((one) => overlap(network, one)))
    return {
      code: 'never_banned',
      message: `${ip} is, or holds, an address that is never banned: this machine's own, or one of the administrators' list.`,
    }
  if (durationMs !== undefined && !(durationMs > 0 && durationMs <= longestMs))
    return {
      code: 'invalid_duration',
      message: `minutes must be more than 0 and at most ${Math.floor(longestMs / 60_000)}.`,
    }
  return undefined
}
