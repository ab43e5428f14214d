import { canonicalNetwork } from '#lib/net/canonical-network.ts'
import { carriedNetworks } from '#lib/net/carried-network.ts'
import { type Network, networkContains, parseNetwork } from '#lib/net/cidr.ts'
import { lazily } from '#lib/run/lazily.ts'
import { because, type Cause } from '../cause/cause.ts'

export interface BanLimits {
  /** What can never be banned, nor any network that holds a part of it. */
  readonly allowed: readonly Network[]
  readonly longestMs: number
}

export type BanRefusalCode = 'invalid_address' | 'too_wide' | 'never_banned' | 'invalid_duration'

export interface BanRefusal {
  readonly code: BanRefusalCode
  readonly why: Cause
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

const always = lazily(() => parseAllowed(ALWAYS_ALLOWED).networks)

const overlap = (a: Network, b: Network): boolean =>
  a.family === b.family &&
  (networkContains(a, { family: b.family, value: b.base }) || networkContains(b, { family: a.family, value: a.base }))

/** Groups, everybody, and what is reserved: nobody sends from there. */
const noSenders = lazily(() => parseAllowed(['224.0.0.0/4', '240.0.0.0/4', 'ff00::/8']).networks)
/** fail2ban counts in seconds, and what takes a bit longer than nothing keeps nobody out. */
const SHORTEST_MS = 60_000

/** The network itself and what it stands for behind a translator of addresses. */
const reachOf = (network: Network): readonly Network[] => [network, ...carriedNetworks(network)]

const widthRefusal = (ip: string, network: Network): BanRefusal | undefined => {
  const wide = reachOf(network).find(({ family, prefix }) => prefix < WIDEST[family])
  if (!wide) return undefined
  const facts = { ip, prefix: WIDEST[wide.family] }
  return { code: 'too_wide', why: because(wide === network ? 'ban_too_wide' : 'ban_too_wide_behind', facts) }
}

const readNetwork = (ip: string): Network | BanRefusal => {
  const network = parseNetwork(ip)
  if (network && canonicalNetwork(ip) === ip) return network
  return { code: 'invalid_address', why: because('ban_address_malformed') }
}

/** Why a ban of an address or network may not be lifted; undefined when it may. `ip` is in its canonical form. */
export const liftRefusal = (ip: string): BanRefusal | undefined => {
  const network = readNetwork(ip)
  return 'code' in network ? network : widthRefusal(ip, network)
}

/**
 * Why an address or network may not be banned for so long; undefined when it may. `ip` is in its canonical form, `from`
 * is the address of whoever asks.
 */
export const banRefusal = (
  ip: string,
  durationMs: number | undefined,
  { allowed, longestMs }: BanLimits,
  from?: string,
): BanRefusal | undefined => {
  const network = readNetwork(ip)
  if ('code' in network) return network
  const reach = reachOf(network)
  const touches = (networks: readonly Network[]) => reach.some((own) => networks.some((one) => overlap(own, one)))
  const tooWide = widthRefusal(ip, network)
  if (tooWide) return tooWide
  if (touches(noSenders())) return { code: 'invalid_address', why: because('ban_of_no_sender', { ip }) }
  if (touches([...always(), ...allowed])) return { code: 'never_banned', why: because('ban_of_the_allowed', { ip }) }
  const asker = from === undefined ? undefined : parseNetwork(canonicalNetwork(from) ?? '')
  if (asker && touches([asker])) return { code: 'never_banned', why: because('ban_of_who_asks', { ip, from: from! }) }
  if (durationMs !== undefined && !(durationMs >= SHORTEST_MS && durationMs <= longestMs))
    return {
      code: 'invalid_duration',
      why: because('ban_minutes', { least: SHORTEST_MS / 60_000, most: Math.floor(longestMs / 60_000) }),
    }
  return undefined
}
