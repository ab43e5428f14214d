import type { SecureVersion } from 'node:tls'

/** What a module of a `blackbox.yml` asks for, with the defaults of blackbox_exporter filled in. Times in ms. */

interface Addressing {
  readonly preferred: 4 | 6
  /** Whether the other IP version is taken where a name has no address of the preferred one. */
  readonly fallback: boolean
  /** Address of this machine to send from; absent: the system chooses. */
  readonly source?: string
}

export interface TlsSettings {
  readonly verify: boolean
  readonly serverName?: string
  /** PEM. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly minVersion?: SecureVersion
  readonly maxVersion?: SecureVersion
}

/** Expects a line, then sends one, then speaks TLS from there on; each where it is given. */
interface QueryStep {
  readonly expect?: string
  readonly send?: string
  readonly starttls?: boolean
}

export interface HttpModule extends Addressing {
  readonly validStatusCodes: readonly number[]
  readonly validVersions: readonly string[]
  readonly method: string
  readonly http2: boolean
  readonly headers: Readonly<Record<string, string>>
  /** True where `authorization` among the headers is a login of the module, before which one of an address goes. */
  readonly loginWins: boolean
  /** Other hosts that a redirect may take the login to. */
  readonly locationTrusted: readonly string[]
  readonly body?: string
  readonly followRedirects: boolean
  readonly failIfSsl: boolean
  readonly failIfNotSsl: boolean
  readonly failIfBodyMatches: readonly string[]
  readonly failIfBodyNotMatches: readonly string[]
  readonly failIfHeaderMatches: readonly HeaderMatch[]
  readonly failIfHeaderNotMatches: readonly HeaderMatch[]
  readonly compression?: string
  /** Bytes; a longer body fails the probe. */
  readonly bodyLimit: number
  readonly tls: TlsSettings
}

export interface HeaderMatch {
  readonly header: string
  readonly regexp: string
  readonly allowMissing: boolean
}

export interface TcpModule extends Addressing {
  readonly steps: readonly QueryStep[]
  readonly secure: boolean
  readonly tls: TlsSettings
}

export interface IcmpModule extends Addressing {
  readonly payloadBytes?: number
  readonly ttl?: number
  readonly dontFragment: boolean
}

export interface RecordRules {
  readonly failIfMatches: readonly string[]
  readonly failIfAllMatch: readonly string[]
  readonly failIfNotMatches: readonly string[]
  readonly failIfNoneMatches: readonly string[]
}

export interface DnsModule extends Addressing {
  readonly transport: 'udp' | 'tcp'
  readonly overTls: boolean
  readonly tls: TlsSettings
  readonly name: string
  readonly type: string
  readonly class: string
  readonly recursion: boolean
  /** Absent: NOERROR alone. */
  readonly validRcodes?: readonly string[]
  readonly answer: RecordRules
  readonly authority: RecordRules
  readonly additional: RecordRules
}

export type BlackboxModule = { readonly timeoutMs?: number } & (
  | { readonly prober: 'http'; readonly http: HttpModule }
  | { readonly prober: 'tcp'; readonly tcp: TcpModule }
  | { readonly prober: 'icmp'; readonly icmp: IcmpModule }
  | { readonly prober: 'dns'; readonly dns: DnsModule }
)

const ADDRESSING = { preferred: 6, fallback: true } as const
const TLS: TlsSettings = { verify: true }
const BODY_LIMIT = 10 * 1024 * 1024
const NO_RULES: RecordRules = { failIfMatches: [], failIfAllMatch: [], failIfNotMatches: [], failIfNoneMatches: [] }

export const HTTP_DEFAULTS: HttpModule = {
  ...ADDRESSING,
  validStatusCodes: [],
  validVersions: [],
  method: 'GET',
  http2: true,
  headers: {},
  loginWins: false,
  locationTrusted: [],
  followRedirects: true,
  failIfSsl: false,
  failIfNotSsl: false,
  failIfBodyMatches: [],
  failIfBodyNotMatches: [],
  failIfHeaderMatches: [],
  failIfHeaderNotMatches: [],
  bodyLimit: BODY_LIMIT,
  tls: TLS,
}
export const TCP_DEFAULTS: TcpModule = { ...ADDRESSING, steps: [], secure: false, tls: TLS }
export const ICMP_DEFAULTS: IcmpModule = { ...ADDRESSING, dontFragment: false }
export const DNS_DEFAULTS: Omit<DnsModule, 'name'> = {
  ...ADDRESSING,
  transport: 'udp',
  overTls: false,
  tls: TLS,
  type: 'ANY',
  class: 'IN',
  recursion: true,
  answer: NO_RULES,
  authority: NO_RULES,
  additional: NO_RULES,
}

/** Modules that are there without a file. */
export const BUILT_IN_MODULES: ReadonlyMap<string, BlackboxModule> = new Map<string, BlackboxModule>([
  ['http_2xx', { prober: 'http', http: HTTP_DEFAULTS }],
  ['tcp_connect', { prober: 'tcp', tcp: TCP_DEFAULTS }],
  ['icmp', { prober: 'icmp', icmp: ICMP_DEFAULTS }],
  ['dns_udp', { prober: 'dns', dns: { ...DNS_DEFAULTS, name: 'example.com', type: 'A' } }],
])
