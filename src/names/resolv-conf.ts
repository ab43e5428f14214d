import { isIP } from 'node:net'

export interface NameServer {
  /** An address; of IPv6 perhaps with its zone, as `fe80::1%eth0`. */
  readonly host: string
  readonly port: number
}

/** What `resolv.conf` says of how names are asked for (resolv.conf(5)). */
export interface ResolvConf {
  readonly servers: readonly NameServer[]
  readonly search: readonly string[]
  /** A name with so many dots is asked for as it stands first. */
  readonly ndots: number
  /** Wait for one server and rounds over all of them, where the file names them; else our own pace. */
  readonly timeoutMs: number | undefined
  readonly attempts: number | undefined
  readonly rotate: boolean
  readonly edns: boolean
  readonly overTcp: boolean
  readonly noIpv6: boolean
  /** IPv4 and IPv6 are asked for one after the other, each from a port of its own. */
  readonly oneByOne: boolean
}

/** What may stand in the environment in place of the file's lines. */
export type ResolverEnvironment = Readonly<Record<string, string | undefined>>

const DNS_PORT = 53
const LAST_PORT = 65_535
const MOST_SERVERS = 3
const MOST_DOMAINS = 32
const MOST_NDOTS = 15
const LONGEST_TIMEOUT_S = 30
const MOST_ATTEMPTS = 5

/** `192.0.2.1`, `fe80::1%eth0`, or with a port `[192.0.2.1]:5353`. */
const serverOf = (text: string): NameServer | undefined => {
  const [, bracketed, port] = /^\[([^\]]+)\]:(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? text
  const at = port === undefined ? DNS_PORT : Number(port)
  return isIP(host) === 0 || at === 0 || at > LAST_PORT ? undefined : { host, port: at }
}

const plainDomain = (text: string): string => text.toLowerCase().replace(/\.$/, '')

const numberOf = (options: readonly string[], name: string, most: number): number | undefined => {
  const found = options.findLast((option) => option.startsWith(`${name}:`))
  const value = found === undefined ? Number.NaN : Number.parseInt(found.slice(name.length + 1), 10)
  return Number.isNaN(value) || value < 0 ? undefined : Math.min(value, most)
}

const readOptions = (options: readonly string[]) => {
  const seconds = numberOf(options, 'timeout', LONGEST_TIMEOUT_S)
  return {
    ndots: numberOf(options, 'ndots', MOST_NDOTS) ?? 1,
    timeoutMs: seconds === undefined ? undefined : Math.max(1, seconds) * 1000,
    attempts: numberOf(options, 'attempts', MOST_ATTEMPTS),
    rotate: options.includes('rotate'),
    edns: options.includes('edns0'),
    overTcp: options.includes('use-vc'),
    noIpv6: options.includes('no-aaaa'),
    oneByOne: options.includes('single-request') || options.includes('single-request-reopen'),
  }
}

/**
 * Reads the file's text; undefined where there is none. Without a server the one of this machine is asked, without a
 * search list the domain of `hostName` is searched. `LOCALDOMAIN` and `RES_OPTIONS` count as they do for every program.
 */
export const readResolvConf = (
  text: string | undefined,
  hostName: string,
  environment: ResolverEnvironment = {},
): ResolvConf => {
  const servers: NameServer[] = []
  const options: string[] = []
  let search: readonly string[] | undefined
  for (const line of (text ?? '').split('\n')) {
    const [keyword, ...words] = line.trimEnd().split(/\s+/)
    if (keyword === 'nameserver') {
      const server = serverOf(words[0] ?? '')
      if (server && servers.length < MOST_SERVERS) servers.push(server)
    } else if (keyword === 'search') search = words
    else if (keyword === 'domain') search = words.slice(0, 1)
    else if (keyword === 'options') options.push(...words)
  }
  options.push(...(environment.RES_OPTIONS ?? '').split(/\s+/))
  const dot = hostName.indexOf('.')
  const domains = environment.LOCALDOMAIN?.split(/\s+/) ?? search ?? (dot < 0 ? [] : [hostName.slice(dot + 1)])
  return {
    servers: servers.length > 0 ? servers : [{ host: '127.0.0.1', port: DNS_PORT }],
    search: domains
      .map(plainDomain)
      .filter((domain) => domain !== '')
      .slice(0, MOST_DOMAINS),
    ...readOptions(options),
  }
}
