import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { dirname, resolve } from 'node:path'
import type { SecureVersion } from 'node:tls'
import { because } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'
import { parseDuration } from '#lib/time/duration.ts'
import { classNumber, rcodeNumber, typeNumber } from '#probes/blackbox/dns/types.ts'
import {
  type BlackboxModule,
  DNS_DEFAULTS,
  HTTP_DEFAULTS,
  ICMP_DEFAULTS,
  type RecordRules,
  TCP_DEFAULTS,
  type TlsSettings,
} from '#probes/blackbox/module.ts'
import { patternProblem } from '#probes/blackbox/regex.ts'
import { type ModuleEntry, moduleSchema } from './blackbox-schema.ts'
import { readSource } from './read-source.ts'
import type { ConfigProblem, ConfigSource, Path } from './source.ts'
import { validate } from './validate.ts'

export interface LoadedModules {
  readonly modules: ReadonlyMap<string, BlackboxModule>
  /** Why a module, or the whole file, is left out. */
  readonly problems: readonly ConfigProblem[]
  /** What is as it was asked for, and yet otherwise than the original does it. */
  readonly notes: readonly ConfigProblem[]
}

type Http = NonNullable<ModuleEntry['http']>
type Tcp = NonNullable<ModuleEntry['tcp']>
type Dns = NonNullable<ModuleEntry['dns']>
type Tls = Http['tls_config']
type ReadText = (file: string) => string

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }
const LARGEST_BODY = 100 * 1024 ** 2

interface Addressed {
  readonly preferred_ip_protocol?: 'ip4' | 'ip6'
  readonly ip_protocol_fallback?: boolean
  readonly source_ip_address?: string
}

const addressing = (entry: Addressed = {}) => ({
  preferred: entry.preferred_ip_protocol === 'ip4' ? (4 as const) : (6 as const),
  fallback: entry.ip_protocol_fallback ?? true,
  ...(entry.source_ip_address && { source: entry.source_ip_address }),
})

/** `TLS12` as Node names it. */
const versionOf = (name: string): SecureVersion => `TLSv1.${name.at(-1)}`.replace('.0', '') as SecureVersion

const tlsOf = (tls: Tls, read: ReadText): TlsSettings => ({
  verify: !(tls?.insecure_skip_verify ?? false),
  ...(tls?.server_name && { serverName: tls.server_name }),
  ...(tls?.ca_file && { ca: read(tls.ca_file) }),
  ...(tls?.cert_file && { cert: read(tls.cert_file) }),
  ...(tls?.key_file && { key: read(tls.key_file) }),
  ...(tls?.min_version !== undefined && { minVersion: versionOf(tls.min_version) }),
  ...(tls?.max_version !== undefined && { maxVersion: versionOf(tls.max_version) }),
})

const bytesOf = (size: string | undefined): number => {
  const match = /^(\d+) ?([KMG]?)/.exec(size ?? '')
  const bytes = match ? Number(match[1]) * UNITS[match[2]!]! : 0
  return bytes > 0 ? Math.min(bytes, LARGEST_BODY) : HTTP_DEFAULTS.bodyLimit
}

const authorizationOf = (http: Http, read: ReadText): Readonly<Record<string, string>> => {
  const { basic_auth: basic, authorization, bearer_token, bearer_token_file } = http
  const secret = (value: string | undefined, file: string | undefined) => (file ? read(file).trim() : (value ?? ''))
  if (basic) {
    const pair = `${basic.username}:${secret(basic.password, basic.password_file)}`
    return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
  }
  if (authorization)
    return {
      authorization: `${authorization.type ?? 'Bearer'} ${secret(authorization.credentials, authorization.credentials_file)}`,
    }
  if (bearer_token || bearer_token_file) return { authorization: `Bearer ${secret(bearer_token, bearer_token_file)}` }
  return {}
}

const rulesOf = (rules: Http['fail_if_header_matches'] = []) =>
  rules.map(({ header, regexp, allow_missing = false }) => ({ header, regexp, allowMissing: allow_missing }))

const isAuthorization = (name: string): boolean => name.toLowerCase() === 'authorization'

const httpOf = (http: Http, read: ReadText): BlackboxModule => ({
  prober: 'http',
  http: {
    ...addressing(http),
    validStatusCodes: http.valid_status_codes ?? [],
    validVersions: http.valid_http_versions ?? [],
    method: http.method || HTTP_DEFAULTS.method,
    http2: http.enable_http2 ?? HTTP_DEFAULTS.http2,
    headers: { ...authorizationOf(http, read), ...http.headers },
    loginWins: !Object.keys(http.headers ?? {}).some(isAuthorization),
    locationTrusted: http.location_trusted ?? [],
    ...(http.body && { body: http.body }),
    followRedirects: http.no_follow_redirects === true ? false : (http.follow_redirects ?? true),
    failIfSsl: http.fail_if_ssl ?? false,
    failIfNotSsl: http.fail_if_not_ssl ?? false,
    failIfBodyMatches: http.fail_if_body_matches_regexp ?? [],
    failIfBodyNotMatches: http.fail_if_body_not_matches_regexp ?? [],
    failIfHeaderMatches: rulesOf(http.fail_if_header_matches),
    failIfHeaderNotMatches: rulesOf(http.fail_if_header_not_matches),
    ...(http.compression && { compression: http.compression }),
    bodyLimit: bytesOf(http.body_size_limit),
    tls: tlsOf(http.tls_config, read),
  },
})

const tcpOf = (tcp: Tcp, read: ReadText): BlackboxModule => ({
  prober: 'tcp',
  tcp: {
    ...TCP_DEFAULTS,
    ...addressing(tcp),
    steps: tcp.query_response ?? [],
    secure: tcp.tls ?? false,
    tls: tlsOf(tcp.tls_config, read),
  },
})

const recordRules = (rules: Dns['validate_answer_rrs'] = {}): RecordRules => ({
  failIfMatches: rules.fail_if_matches_regexp ?? [],
  failIfAllMatch: rules.fail_if_all_match_regexp ?? [],
  failIfNotMatches: rules.fail_if_not_matches_regexp ?? [],
  failIfNoneMatches: rules.fail_if_none_matches_regexp ?? [],
})

const dnsOf = (dns: Dns, read: ReadText): BlackboxModule => ({
  prober: 'dns',
  dns: {
    ...addressing(dns),
    transport: dns.transport_protocol ?? DNS_DEFAULTS.transport,
    overTls: dns.dns_over_tls ?? false,
    tls: tlsOf(dns.tls_config, read),
    name: dns.query_name,
    type: dns.query_type ?? DNS_DEFAULTS.type,
    class: dns.query_class || DNS_DEFAULTS.class,
    recursion: dns.recursion_desired ?? true,
    ...(dns.valid_rcodes && { validRcodes: dns.valid_rcodes }),
    answer: recordRules(dns.validate_answer_rrs),
    authority: recordRules(dns.validate_authority_rrs),
    additional: recordRules(dns.validate_additional_rrs),
  },
})

const icmpOf = ({ icmp = {} }: ModuleEntry): BlackboxModule => ({
  prober: 'icmp',
  icmp: {
    ...ICMP_DEFAULTS,
    ...addressing(icmp),
    ...(icmp.payload_size && { payloadBytes: icmp.payload_size }),
    ...(icmp.ttl && { ttl: icmp.ttl }),
    dontFragment: icmp.dont_fragment ?? false,
  },
})

/** Every regular expression of a module that is none, by its place. */
const patternProblems = (value: unknown, path: Path, source: ConfigSource): ConfigProblem[] => {
  if (typeof value === 'string') {
    const key = path.findLast((part) => typeof part === 'string')
    const problem = /regexp$|^expect$/.test(String(key)) ? patternProblem(value) : undefined
    return problem === undefined
      ? []
      : [source.problem(path, because('in_field', { field: String(key), why: problem }))]
  }
  if (typeof value !== 'object' || value === null) return []
  const entries = Array.isArray(value) ? value.map((one, index) => [index, one] as const) : Object.entries(value)
  return entries.flatMap(([key, one]) => patternProblems(one, [...path, key], source))
}

type Problems = (path: Path, message: string) => readonly ConfigProblem[]

const dnsProblems = (dns: Dns, problem: Problems): readonly ConfigProblem[] => {
  const { query_type: type, query_class: kind, valid_rcodes: rcodes = [] } = dns
  const unknown = rcodes.findIndex((name) => rcodeNumber(name) === undefined)
  return [
    ...(type === undefined || typeNumber(type) !== undefined
      ? []
      : problem(['query_type'], `query_type: ${type} is not known, write for example A or SOA`)),
    ...(!kind || classNumber(kind) !== undefined
      ? []
      : problem(['query_class'], `query_class: ${kind} is not known, write for example IN or CH`)),
    ...(unknown < 0
      ? []
      : problem(
          ['valid_rcodes', unknown],
          `valid_rcodes: ${rcodes[unknown]} is not known, write for example NXDOMAIN`,
        )),
    ...(dns.dns_over_tls && dns.transport_protocol !== 'tcp'
      ? problem(['dns_over_tls'], 'dns_over_tls: needs transport_protocol: tcp')
      : []),
  ]
}

/** What the schema cannot say about a module. */
const furtherProblems = (entry: ModuleEntry, path: Path, source: ConfigSource): readonly ConfigProblem[] => {
  const { prober, dns } = entry
  const problem: Problems = (place, message) => [source.problem([...path, prober, ...place], message)]
  const from = (entry[prober] as Addressed | undefined)?.source_ip_address
  const sources = from && isIP(from) === 0 ? problem(['source_ip_address'], `${from} is no IP address`) : []
  if (prober !== 'dns') return sources
  if (!dns) return [source.problem(path, 'dns: is missing, write dns: { query_name: example.com }')]
  return [...sources, ...dnsProblems(dns, problem)]
}

const moduleOf = (entry: ModuleEntry, read: ReadText): BlackboxModule => {
  const { prober, timeout } = entry
  const module =
    prober === 'http'
      ? httpOf(entry.http ?? {}, read)
      : prober === 'tcp'
        ? tcpOf(entry.tcp ?? {}, read)
        : prober === 'dns'
          ? dnsOf(entry.dns!, read)
          : icmpOf(entry)
  // In such a file 0 means that nothing but the scrape itself limits a probe.
  const timeoutMs = timeout === undefined ? 0 : parseDuration(timeout)!
  return { ...module, ...(timeoutMs > 0 && { timeoutMs }) }
}

/**
 * Reads the modules of a `blackbox.yml`. A module that asks for what this server cannot honour is left out and named
 * with its place: a probe that looks less closely than it was told would be believed. The others stay of use.
 */
export const loadBlackboxModules = (path: string): LoadedModules => {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const message = `cannot be read: ${(error as NodeJS.ErrnoException).code}`
    return { modules: new Map(), problems: [{ file: path, line: 1, column: 1, message }], notes: [] }
  }
  return parseBlackboxModules(text, path)
}

/** The same from text; files that it names are read beside `path`. */
export const parseBlackboxModules = (text: string, path: string): LoadedModules => {
  const read = readSource(text, path, undefined)
  if (!read.ok) return { modules: new Map(), problems: read.problems, notes: [] }
  const { source } = read
  const modules = new Map<string, BlackboxModule>()
  const entries = (source.value as { modules?: unknown }).modules
  if (!isObject(entries))
    return {
      modules,
      problems: [source.problem([], 'modules: is missing, write modules: { NAME: { prober: http } }')],
      notes: [],
    }
  const problems: ConfigProblem[] = []
  const notes: ConfigProblem[] = []
  const readText: ReadText = (file) => readFileSync(resolve(dirname(path), file), 'utf8')
  for (const [name, entry] of Object.entries(entries)) {
    const place = ['modules', name]
    const made = checkedModule(entry, place, source, readText)
    if (Array.isArray(made)) problems.push(...made)
    else {
      modules.set(name, made as BlackboxModule)
      notes.push(...notesOf(entry as ModuleEntry, place, source))
    }
  }
  return { modules, problems, notes }
}

const LOGINS = ['basic_auth', 'authorization', 'bearer_token', 'bearer_token_file'] as const

/** A login that may stay away from where a redirect leads, and nobody has said that this is meant. */
const notesOf = ({ http }: ModuleEntry, place: Path, source: ConfigSource): readonly ConfigProblem[] => {
  const login = LOGINS.find((name) => http?.[name] !== undefined)
  if (!http || login === undefined || http.location_trusted) return []
  if (http.follow_redirects === false || http.no_follow_redirects) return []
  const words =
    'goes to the host of the target, and to those above and below it; a redirect to another host goes without it. Name hosts that may have it: location_trusted: [login.example.net], or [] where none is meant'
  return [source.problem([...place, 'http', login], `${login}: ${words}`)]
}

const checkedModule = (
  entry: unknown,
  place: Path,
  source: ConfigSource,
  read: ReadText,
): BlackboxModule | ConfigProblem[] => {
  const shape = validate(moduleSchema, entry, place, source)
  if (shape.length > 0) return shape
  const checked = entry as ModuleEntry
  const found = [...patternProblems(checked, place, source), ...furtherProblems(checked, place, source)]
  if (found.length > 0) return found
  try {
    return moduleOf(checked, read)
  } catch (error) {
    const { code, path: file } = error as NodeJS.ErrnoException
    return [source.problem(place, `${file ?? 'a file that it names'} cannot be read: ${code}`)]
  }
}
